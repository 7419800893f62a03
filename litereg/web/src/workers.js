// Monaco's three helpers run beside the page, from files of our own origin: `worker-src 'self'`.

const FILES = { graphql: "./graphql.worker.js", json: "./json.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const url = new URL(FILES[label] ?? "./editor.worker.js", import.meta.url);
    return new Worker(url, { type: "module", name: label });
  },
};
