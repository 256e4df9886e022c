import { forgetChats } from '../builder/local-storage.js';
import { request } from '../net/api.js';
import { Store } from '../outbox/store.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';

/** Say what goes, ask for the password, and delete the account; then nobody is signed in here. */
export async function deleteAccount(userId) {
  const isGone = await openDialog('Delete your account?', (close) => {
    const password = h('input', { class: 'input', id: 'delete-password', type: 'password', autocomplete: 'current-password', required: true });
    const submit = h('button', { type: 'submit', class: 'button danger' }, 'Delete everything');
    const problem = h('div', { role: 'alert' });
    const send = async (event) => {
      event.preventDefault();
      submit.disabled = true;
      problem.replaceChildren();
      try {
        await request('DELETE', '/api/account', { password: password.value });
        close(true);
      } catch (error) {
        problem.replaceChildren(h('p', { class: 'form-note problem' }, icon('alert'), h('span', {}, error.message)));
        submit.disabled = false;
        password.select();
      }
    };
    return [h('form', { class: 'stack', onsubmit: send },
      h('p', {}, 'All of it goes at once, and can’t be brought back:'),
      h('ul', { class: 'plain-list' },
        h('li', {}, 'your websites with every version of their pages, what is published of them, and what visitors and clients sent'),
        h('li', {}, 'your chats, what is in the trash, and links you have shared'),
        h('li', {}, 'your sign-in, here and on every other device; an answer that is being written ends')),
      h('div', { class: 'field' }, h('label', { for: 'delete-password' }, 'Your password'), password), problem,
      h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button quiet', onclick: () => close(false) }, 'Cancel'), submit))];
  });
  if (!isGone) return;
  forgetChats();
  await forgetMessages(userId);
  location.replace('/');
}

/** Remove what was not sent yet. */
async function forgetMessages(userId) {
  const store = new Store();
  for (const entry of await store.all()) if (entry.userId === userId) await store.delete(entry.id);
}
