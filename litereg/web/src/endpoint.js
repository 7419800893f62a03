// The one address this page talks to, and what came back last.

import { useSyncExternalStore } from "react";

const JSON_TYPES = "application/graphql-response+json, application/json;q=0.9";

/**
 * Return `{ send, useLastAnswer }` for one GraphQL endpoint.
 *
 * `send` is a GraphiQL fetcher. The session cookie goes along (the server accepts it for JSON of
 * the same origin only); an Authorization header is sent when the reader typed one, never else.
 */
export function connect(endpoint) {
  const listeners = new Set();
  let lastAnswer = null;

  function note(answer) {
    lastAnswer = answer;
    listeners.forEach((listener) => listener());
  }

  async function send(operation, { headers } = {}) {
    const startedAt = performance.now();
    const init = { method: "POST", credentials: "same-origin", body: JSON.stringify(operation) };
    let response, text;
    try {
      response = await fetch(endpoint, { ...init, headers: withTyped(headers) });
      text = await response.text();
    } catch (error) {
      note(null);
      return failure(`No answer from ${endpoint}: ${error.message}`);
    }
    const result = parsed(text) ?? failure(`HTTP ${response.status} without JSON: ${text.slice(0, 200)}`);
    note({
      byReader: operation.operationName !== "IntrospectionQuery",
      status: response.status,
      duration: performance.now() - startedAt,
      size: text.length,
      needsLogin: response.status === 401 || codes(result).includes("UNAUTHENTICATED"),
    });
    return result;
  }

  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { send, useLastAnswer: () => useSyncExternalStore(subscribe, () => lastAnswer) };
}

// The names are what somebody typed: they are kept as headers, and never as those of an object.
function withTyped(headers) {
  const all = new Headers({ accept: JSON_TYPES, "content-type": "application/json" });
  for (const [name, value] of Object.entries(headers ?? {})) all.set(name, value);
  return all;
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function codes(result) {
  return Array.isArray(result.errors) ? result.errors.map((error) => error?.extensions?.code) : [];
}

function failure(message) {
  return { errors: [{ message }] };
}
