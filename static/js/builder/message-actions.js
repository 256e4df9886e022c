import { request } from '../net/api.js';
import { uuid } from '../net/uuid.js';
import { toast, toastError, toastWithUndo } from '../ui/toasts.js';
import { continueAnswer, retryAnswer, stopAnswer } from './streaming.js';

/** The functions of `app` that send messages and control answers in the open conversation. */
export function messageActions(page) {
  const whenIdle = (run) => {
    if (page.current.runningAnswer) return toast('An answer is being written. Wait for it or stop it first.', { tone: 'problem' });
    if (page.current.unsent) return toast('Your last message is not sent yet. Wait until it is.', { tone: 'problem' });
    return run();
  };
  // The button that has the focus is about to disappear.
  const takeFocusAndRun = (run) => whenIdle(() => {
    page.composer.takeFocus();
    return run();
  });
  return {
    whenIdle,
    /** Resolves once the message is stored in this browser. */
    send(text, { edits = null, target = null } = {}) {
      const { current, website, outbox } = page;
      const id = uuid();
      const waits = current.runningAnswer !== null;
      const after = edits ? null : page.view.answerToContinueFrom();
      page.welcome.hide();
      page.view.scrollToEnd();
      if (!current.id) current.firstMessageId = id;
      return outbox.add({ id, websiteId: website.id, sessionId: current.id, helper: current.helper, text, edits, after, waits, ...(target && { target }) });
    },
    /** Allow what an answer left out (`allow`), or take back what it also changed (`take-back`), on the newest page. */
    correct: (answer, verb) => whenIdle(async () => {
      try {
        const { version } = await request('POST', `/api/chat/messages/${answer.id}/${verb}`, {});
        page.current.put({ id: answer.id, changes: { ...answer.changes, corrected: version.id } });
        await page.versions.load();
        page.versions.show(version.id);
        toast(`Made as version ${version.number}`);
      } catch (error) {
        toastError(error);
      }
    }),
    sendAgain: (question) => page.outbox.retry(question.id),
    async takeBack(question) {
      if (await page.outbox.withdraw(question.id)) page.composer.takeBack(question.content, question.target);
      else toast('It is on its way already.');
    },
    async editWaiting({ id, text, target }) {
      if (await page.outbox.withdraw(id)) page.composer.takeBack(text, target);
    },
    async removeWaiting({ id, text, target }) {
      page.composer.takeFocus();
      if (await page.outbox.withdraw(id)) toastWithUndo('Message removed', () => page.app.send(text, { target }));
    },
    stop() {
      page.composer.takeFocus();
      return stopAnswer(page.current).catch(toastError);
    },
    retry: (answer) => takeFocusAndRun(() => retryAnswer(page.current, answer)),
    resume: (answer) => takeFocusAndRun(() => continueAnswer(page.current, answer)),
    chooseHelper(name) {
      page.current.helper = name;
      page.header.show(page.current);
      page.welcome.show(name, { canChoose: true });
    },
  };
}
