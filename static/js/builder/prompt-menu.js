import { listAll } from '../net/api.js';
import { openMenu } from '../ui/menu.js';
import { toastError } from '../ui/toasts.js';
import { editPrompt, managePrompts } from './prompt-dialogs.js';

/** Open the menu of saved prompts at a button; `box` has the text typed so far and takes a prompt's. */
export async function openPromptMenu(button, box) {
  try {
    const prompts = await listAll('/api/prompts', 'prompts');
    const text = box.text.trim();
    openMenu(button, [
      ...prompts.map((prompt) => ({ icon: 'bookmark', label: prompt.name, run: () => box.add(prompt.text) })),
      text && { icon: 'plus', label: 'Save this text as a prompt…', run: () => editPrompt({ text }) },
      !text && !prompts.length && { icon: 'plus', label: 'Save your first prompt…', run: () => editPrompt({}) },
      prompts.length && { icon: 'pencil', label: 'Your prompts…', run: () => managePrompts(prompts) },
    ]);
  } catch (error) {
    toastError(error);
  }
}
