// Messages for errors that only the browser sees, and for how answers end (after a reload only the code is known). For
// every other error the server's own message is shown.
const KEPT = 'Everything that arrived is kept.';
const SIGNED_OUT = 'You were signed out. Sign in again and carry on; your text is kept here.';
const MESSAGES = {
  network: 'We can’t reach Sitethread. Check your connection.',
  auth_required: SIGNED_OUT,
  invalid_token: SIGNED_OUT,
  token_expired: SIGNED_OUT,
  answer_running: 'An answer is already being written in this chat. Wait for it or stop it; your message is kept here.',
  database_unavailable: 'Sitethread can’t reach its database right now.',
  server_restarting: 'Sitethread is restarting.',
  interrupted: `This answer was cut off. ${KEPT}`,
  length: 'The model reached its length limit here.',
  answer_deleted: 'This answer was deleted, or the chat it belongs to, while it was being written.',
  answer_too_long: 'The answer grew too long and was cut off here.',
  model_refused_key: 'The model refused this server’s key. Whoever runs the server needs to check OPENAI_API_KEY.',
  model_not_found: 'The model is not known at its address. Whoever runs the server needs to check OPENAI_MODEL.',
  model_refused_request: 'The model refused this conversation; it may have become too long for it. Try a new chat.',
  model_busy: `The model has too much to do right now. ${KEPT} Wait a moment, then try again.`,
  model_error: `The model had an error of its own. ${KEPT}`,
  model_timeout: `The model stopped talking for too long. ${KEPT}`,
  model_unreachable: `The model can’t be reached right now. ${KEPT}`,
  model_disconnected: `The model broke off in the middle. ${KEPT}`,
  model_garbage: `The model sent something that makes no sense. ${KEPT}`,
  model_said_nothing: 'The model said nothing.',
};

/** The message to show for an error code; the server's `message` for codes not listed here. */
export function errorMessage(code, message) {
  return MESSAGES[code] ?? (message || `Something went wrong on our side. ${KEPT} Please try again.`);
}
