// SPDX-License-Identifier: Apache-2.0
// helper: the page's side of a worker: questions with answers, progress, an end at any moment. What the worker does is in
// worker.js; it comes as text inside the page, since beside the page there is no file.

let address = null;

/** The worker's program as an address that the page's own content policy lets through, and no other. */
function workerAddress() {
  if (address !== null) return address;
  const code = document.getElementById('worker-code').textContent;
  const made = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  if (globalThis.trustedTypes === undefined) {
    address = made;
  } else {
    const policy = globalThis.trustedTypes.createPolicy('unbroken-worker', {
      createScriptURL(url) {
        if (url !== made) throw new TypeError('not the worker of this page');
        return url;
      },
    });
    address = policy.createScriptURL(made);
  }
  return address;
}

/**
 * A worker that is started with the first question, and anew after stop().
 * @returns {{ask: function(string, object, {transfer?: Array, progress?: function(*)}=): Promise<*>, warm: function(), stop: function()}}
 *   warm: starts it before there is a question; ask: rejects with an Error where the worker failed, and with one whose `stopped` is true after stop()
 */
export function makeHelper() {
  const waiting = new Map();
  let worker = null;
  let last = 0;

  function endAll(error) {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(error);
  }

  function end(error) {
    if (worker !== null) worker.terminate();
    worker = null;
    endAll(error);
  }

  function receive({ data }) {
    const asked = waiting.get(data.id);
    if (asked === undefined) return;
    if (data.what === 'progress') {
      if (asked.progress !== undefined) asked.progress(data.progress);
      return;
    }
    waiting.delete(data.id);
    if (data.what === 'answer') asked.resolve(data.answer);
    else asked.reject(new Error(data.text));
  }

  function start() {
    worker = new Worker(workerAddress());
    worker.onmessage = receive;
    worker.onerror = (event) => end(new Error(event.message || 'the worker did not start'));
    worker.onmessageerror = () => end(new Error('an answer could not be read'));
  }

  return {
    ask(what, data, { transfer = [], progress } = {}) {
      return new Promise((resolve, reject) => {
        if (worker === null) start();
        const id = ++last;
        waiting.set(id, { resolve, reject, progress });
        worker.postMessage({ ...data, id, what }, transfer);
      });
    },
    warm() {
      if (worker === null) start();
    },
    stop() {
      end(Object.assign(new Error('stopped'), { stopped: true }));
    },
  };
}
