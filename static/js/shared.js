// What several scripts of the admin need: requests, texts on the screen, lists, files.

const PATIENCE = 20_000; // milliseconds after which no answer is waited for

export function isJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}

// As fetch, asking for JSON, and given up after a while.
export function request(address, { headers, signal, ...options } = {}) {
  const timeout = AbortSignal.timeout(PATIENCE);
  return fetch(address, {
    headers: { Accept: "application/json", ...headers },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...options,
  });
}

// A function that calls `action` once it has not been called itself for `pause` milliseconds.
export function debounced(action, pause) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, pause);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

// Only a text that differs is set: a live region would read the same one again.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function create(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function listOf(sentences, className) {
  return create("ul", { className }, ...sentences.map((sentence) => create("li", {}, sentence)));
}

export function hasFiles({ dataTransfer }) {
  return Boolean(dataTransfer?.types.includes("Files"));
}

// A line is stored with plain spaces only, so any white space stands for any other.
export function isSameCharacter(one, other) {
  return one === other || (one !== undefined && /\s/.test(one) && /\s/.test(other));
}
