// Deep links: `#query=…&variables=…` opens an operation, and a button makes such a link.
// What stands behind `#` never leaves the browser, so no query ends up in a server's log.

import { useEffect, useState } from "react";
import { ToolbarButton, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

const TICK = "M5 13l5 5L20 7";
const CHAIN =
  "M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1";

/** Return `{ query, variables }` of the address bar, or null, and tidy the address. */
export function takeDeepLink() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const query = fragment.get("query");
  if (!query) return null;
  // A reload should bring back what the reader made of the operation, not the link once more.
  history.replaceState(null, "", location.pathname + location.search);
  return { query, variables: indented(fragment.get("variables") ?? "") };
}

/** Open links that are pasted, or followed, while the page is already there: each in its tab. */
export function DeepLinks() {
  const { addTab } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  useEffect(() => {
    function open() {
      const link = queryEditor && variableEditor && takeDeepLink();
      if (!link) return;
      addTab();
      queryEditor.setValue(link.query);
      variableEditor.setValue(link.variables ?? "");
    }
    open();
    addEventListener("hashchange", open);
    return () => removeEventListener("hashchange", open);
  }, [addTab, queryEditor, variableEditor]);
  return null;
}

/** The button that copies a link to the operation of this tab. Headers are never part of it. */
export function CopyLink() {
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  const [copied, setCopied] = useState(false);

  async function copy() {
    const fragment = new URLSearchParams({ query: queryEditor.getValue() });
    const variables = variableEditor.getValue().trim();
    if (variables) fragment.set("variables", variables);
    const link = new URL(`#${fragment}`, location.href).href;
    // Over plain http browsers give no clipboard: then the address bar holds the link.
    if (navigator.clipboard) await navigator.clipboard.writeText(link);
    else history.replaceState(null, "", link);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }

  return (
    <ToolbarButton label={copied ? "Link is ready" : "Copy a link to this operation"} onClick={copy}>
      <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d={copied ? TICK : CHAIN} />
      </svg>
    </ToolbarButton>
  );
}

function indented(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
