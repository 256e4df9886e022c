// Messages for errors that only the browser sees, or that it can say more about. For every other error the server's own
// message is shown.
const SIGNED_OUT = 'You were signed out. Sign in again and carry on; your text is kept here.';
const MESSAGES = {
  network: 'We can’t reach Sitethread. Check your connection.',
  auth_required: SIGNED_OUT,
  invalid_token: SIGNED_OUT,
  token_expired: SIGNED_OUT,
  answer_running: 'An answer is already being written in this chat. Wait for it or stop it; your message is kept here.',
  database_unavailable: 'Sitethread can’t reach its database right now.',
  server_restarting: 'Sitethread is restarting.',
};

/** The message to show for an error code; the server's `message` for codes not listed here. */
export function errorMessage(code, message) {
  return MESSAGES[code] ?? (message || 'Something went wrong on our side. Nothing you saved is lost; please try again.');
}
