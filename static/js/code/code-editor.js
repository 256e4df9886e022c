import { find, h } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';
import { CodeFiles } from './code-files.js';
import { newEditorView } from './editor-view.js';

/** The code of the newest version in place of its preview; what is changed is saved as a version. */
export class CodeEditor {
  #root = h('section', { class: 'code-editor', 'aria-label': 'Code' });
  #choice = h('select', { class: 'input code-editor-path', 'aria-label': 'File', onchange: () => this.#choose(this.#choice.value) });
  #status = h('p', { class: 'code-editor-status', role: 'status' }, 'Loading the code…');
  #discard = h('button', { type: 'button', class: 'button small quiet', hidden: true, onclick: () => this.#giveUp() }, 'Discard changes');
  #save = h('button', { type: 'button', class: 'button small primary', title: 'Save as a version (Ctrl+S)', 'aria-disabled': 'true', onclick: () => this.save() }, 'Save');
  #text = h('div', { class: 'code-editor-text' });
  #problem = h('div', { class: 'edit-problem', role: 'alert', hidden: true });
  #stopped = new AbortController();
  /** The editor's state of each file that was shown, by path. */
  #states = new Map();
  #path = null;
  #files = null;
  #isSaving = false;

  /** It begins with the page at `shownPath`; `on` has `leave`. */
  constructor({ websiteId, versions, shownPath }, on) {
    Object.assign(this, { websiteId, versions, shownPath, on });
    const done = h('button', { type: 'button', class: 'button small', onclick: () => on.leave() }, 'Done');
    this.#root.append(h('div', { class: 'code-editor-head' }, this.#choice, this.#status, this.#discard, this.#save, done), this.#text, this.#problem);
    find('#preview-stage').append(this.#root);
    this.editor = newEditorView(this.#text, { change: (text) => this.#change(text), save: () => this.save() });
    versions.addEventListener('change', () => this.#follow(), { signal: this.#stopped.signal });
    this.#open(versions.shownId).then(() => this.editor.view.focus(), (error) => {
      toastError(error);
      on.leave();
    });
  }

  /** Leave the editor; what is not saved is there when it is opened again. */
  leave() {
    this.#stopped.abort();
    this.editor.view.destroy();
    this.#root.remove();
    if (this.#files?.isChanged) toast('What you changed in the code is not saved yet. It is kept in this browser.');
  }

  /** Make a version of what was changed, on the version that it was read from or on another. */
  async save(baseId = this.#files?.versionId) {
    if (this.#isSaving || !this.#files?.isChanged) return;
    this.#setSaving(true);
    try {
      const version = await this.#files.save(baseId);
      this.#files.discard();
      this.#showProblem(null);
      await this.#open(version.id);
      this.versions.add(version);
      this.#setSaving(false, `Saved as version ${version.number}.`);
    } catch (error) {
      this.#showProblem(error);
      this.#setSaving(false);
    }
  }

  async #open(versionId) {
    const files = await CodeFiles.open(this.websiteId, versionId);
    if (this.#stopped.signal.aborted) return;
    this.#files = files;
    if (this.#path !== null) this.#states.set(this.#path, this.editor.view.state);
    for (const [path, state] of this.#states) if (state.sliceDoc() !== files.textOf(path)) this.#states.delete(path);
    this.#choice.replaceChildren(...files.paths.map((path) => h('option', { value: path }, path)));
    this.#show([this.#path, this.shownPath, files.paths[0]].find((path) => files.paths.includes(path)));
    this.#draw();
  }

  #choose(path) {
    this.#states.set(this.#path, this.editor.view.state);
    this.#show(path);
  }

  #show(path) {
    this.#path = this.#choice.value = path;
    const state = this.#states.get(path) ?? this.editor.newState(path, this.#files.textOf(path));
    if (state !== this.editor.view.state) this.editor.view.setState(state);
  }

  #change(text) {
    this.#files.change(this.#path, text);
    this.#draw();
  }

  #giveUp() {
    this.#files.discard();
    this.#showProblem(null);
    this.#open(this.versions.rows[0].id).catch(toastError);
  }

  // Another version is shown: what is being changed goes on, and says so when it is saved.
  #follow() {
    const { shownId, isNewestShown } = this.versions;
    if (!isNewestShown) return this.on.leave();
    if (this.#files && shownId !== this.#files.versionId && !this.#files.isChanged) this.#open(shownId).catch(toastError);
  }

  #setSaving(isSaving, saved = '') {
    this.#isSaving = isSaving;
    this.#draw(saved);
  }

  #draw(saved = '') {
    const isChanged = Boolean(this.#files?.isChanged);
    this.#status.textContent = this.#isSaving ? 'Saving…' : isChanged ? 'Not saved yet.' : saved;
    this.#discard.hidden = !isChanged;
    this.#save.setAttribute('aria-disabled', String(this.#isSaving || !isChanged));
  }

  #showProblem(error) {
    this.#problem.hidden = error === null;
    if (error === null) return this.#problem.replaceChildren();
    const isConflict = error.code === 'edit_conflict';
    this.#problem.replaceChildren(...[
      h('p', {}, isConflict ? 'The page was changed elsewhere meanwhile, so this was not saved.' : error.message),
      error.nearest.length > 0 && h('pre', {}, error.nearest.join('\n')),
      isConflict && h('div', { class: 'edit-problem-actions' }, h('button', { type: 'button', class: 'button small primary', onclick: () => this.#saveOnNewest() }, 'Save it on the newest page')),
    ].filter(Boolean));
  }

  async #saveOnNewest() {
    await this.versions.load().catch(toastError);
    await this.save(this.versions.rows[0].id);
  }
}
