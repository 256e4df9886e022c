// The page's markup can hide methods and properties of the document and of forms behind elements of the same name:
// these are taken from the prototypes, which it can't reach.
const call = (method) => Function.prototype.call.bind(method);
const getter = (owner, name) => call(Object.getOwnPropertyDescriptor(owner.prototype, name).get);

export const [parentOf, childNodesOf, nodeTypeOf] = ['parentNode', 'childNodes', 'nodeType'].map((name) => getter(Node, name));
export const [tagOf, childrenOf] = ['localName', 'children'].map((name) => getter(Element, name));
export const [attribute, setAttribute, removeAttribute, boxOf, matches, scrollIntoView] = ['getAttribute', 'setAttribute', 'removeAttribute', 'getBoundingClientRect', 'matches', 'scrollIntoView'].map((name) => call(Element.prototype[name]));
export const [cloneOf, contains, isEqual] = ['cloneNode', 'contains', 'isEqualNode'].map((name) => call(Node.prototype[name]));
export const focus = call(HTMLElement.prototype.focus);
export const setMarkup = call(Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML').set);

/** Elements and texts in an element. */
export const nodesIn = (element) => [...childNodesOf(element)];
export const isElement = (node) => nodeTypeOf(node) === Node.ELEMENT_NODE;
export const isText = (node) => nodeTypeOf(node) === Node.TEXT_NODE;
