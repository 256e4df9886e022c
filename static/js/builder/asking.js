import { uuid } from '../net/uuid.js';
import { toast, toastError } from '../ui/toasts.js';
import { resume, retry, stop } from './live.js';

/** What can be done about questions and their answers in the conversation that is shown. */
export function asking(page) {
  const whenIdle = (run) => {
    if (page.current.runningAnswer) toast('An answer is being written. Wait for it or stop it first.', { tone: 'problem' });
    else if (page.current.waiting) toast('Your last message is not sent yet. Wait until it is.', { tone: 'problem' });
    else run();
  };
  // The button that was pressed goes away.
  const goOn = (run) => whenIdle(() => {
    page.composer.takeFocus();
    return run();
  });
  return {
    whenIdle,
    /** Resolves once the message is written down in this browser. */
    send(text, { edits = null } = {}) {
      const { current, website, outbox } = page;
      const id = uuid();
      const after = edits ? null : page.view.answerToGoOnFrom();
      page.welcome.hide();
      page.view.scrollToEnd();
      if (!current.id) current.firstMessageId = id;
      return outbox.add({ id, websiteId: website.id, sessionId: current.id, helper: current.helper, text, edits, after });
    },
    sendAgain: (question) => page.outbox.retry(question.id),
    async takeBack(question) {
      if (await page.outbox.withdraw(question.id)) page.composer.takeBack(question.content);
      else toast('It is on its way already.');
    },
    stop() {
      page.composer.takeFocus();
      return stop(page.current).catch(toastError);
    },
    retry: (answer) => goOn(() => retry(page.current, answer)),
    resume: (answer) => goOn(() => resume(page.current, answer)),
    chooseHelper(name) {
      page.current.helper = name;
      page.header.show(page.current);
      page.welcome.show(name, { canChoose: true });
    },
  };
}
