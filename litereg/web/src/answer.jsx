// Below the answer: what came back, and how to say who one is.

import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { useGraphiQL } from "@graphiql/react";

const PLACEHOLDER = "<API key>";
export const HEADER_EXAMPLE = `{ "Authorization": "Bearer ${PLACEHOLDER}" }`;

/** The foot of the answer: one line of facts, and the example header for whoever has none. */
export function Answer({ useLastAnswer, viewer }) {
  const answer = useLastAnswer();
  const hasHeaders = useHasHeaders();
  const refused = Boolean(answer?.needsLogin);
  const asked = Boolean(answer?.byReader);
  return (
    <>
      {!hasHeaders && (refused || !(viewer || asked)) && <HeaderExample refused={refused} />}
      {hasHeaders && refused && (
        <p className="litereg-hint">No key that this registry knows is under Headers.</p>
      )}
      {asked && <Facts {...answer} />}
    </>
  );
}

function HeaderExample({ refused }) {
  const headerEditor = useGraphiQL((state) => state.headerEditor);

  function fillIn() {
    // At once: an editor that is still hidden cannot take the focus.
    flushSync(() => document.querySelector('.graphiql-editor-tools [data-name="headers"]')?.click());
    headerEditor.setValue(HEADER_EXAMPLE);
    const [found] = headerEditor.getModel().findMatches(PLACEHOLDER, false, false, true, null, false);
    headerEditor.setSelection(found.range);
    headerEditor.focus();
  }

  return (
    <div className="litereg-hint">
      <p>
        {refused
          ? "That needs to know who you are. Put an API key under Headers:"
          : "You are asking as a visitor. To ask as yourself, put an API key under Headers:"}
      </p>
      <pre>{HEADER_EXAMPLE}</pre>
      <button type="button" className="graphiql-button" disabled={!headerEditor} onClick={fillIn}>
        Fill in this header
      </button>
    </div>
  );
}

function Facts({ status, duration, size }) {
  const length = size < 1024 ? `${size} B` : `${(size / 1024).toFixed(1)} kB`;
  return (
    <p className="litereg-facts" role="status">
      <b>HTTP {status}</b> in {Math.round(duration)} ms, {length}
    </p>
  );
}

/** Tell whether the Headers pane holds anything, also while it is being typed. */
function useHasHeaders() {
  const headerEditor = useGraphiQL((state) => state.headerEditor);
  const [hasHeaders, setHasHeaders] = useState(false);
  useEffect(() => {
    if (!headerEditor) return undefined;
    const look = () => setHasHeaders(headerEditor.getValue().trim() !== "");
    look();
    const listening = headerEditor.onDidChangeModelContent(look);
    return () => listening.dispose();
  }, [headerEditor]);
  return hasHeaders;
}
