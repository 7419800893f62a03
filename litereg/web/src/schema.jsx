// The Schema tab: the API as text (SDL), to read, search and download.

import { useEffect, useRef, useState } from "react";
import { Spinner, useGraphiQL, useMonaco } from "@graphiql/react";
import { printSchema } from "graphql";
import { conf, language } from "monaco-editor/esm/vs/basic-languages/graphql/graphql.js";

// A language of its own: the GraphQL worker takes every text marked `graphql` for an operation,
// and would underline each type definition as a mistake.
const LANGUAGE = "graphql-schema";
const EDITOR_OPTIONS = {
  automaticLayout: true,
  contextmenu: false,
  fontSize: 13,
  language: LANGUAGE,
  lineNumbersMinChars: 4,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  readOnly: true,
  domReadOnly: true,
  renderLineHighlight: "none",
  scrollBeyondLastLine: false,
  wordWrap: "on",
};

/** Return the GraphiQL plugin that shows what *schemaUrl* serves. */
export function schemaPlugin(schemaUrl) {
  return { title: "Schema", icon: SchemaIcon, content: () => <Schema url={schemaUrl} /> };
}

function Schema({ url }) {
  const { sdl, problem } = useSdl(url);
  return (
    <section className="litereg-schema" aria-label="Schema">
      <header>
        <div className="graphiql-doc-explorer-title">Schema</div>
        <a href={url} download="schema.graphql">
          Download
        </a>
      </header>
      {problem && <p>The schema was not sent ({problem}).</p>}
      {sdl && <ReadOnlyEditor text={sdl} />}
      {!problem && !sdl && <Spinner />}
    </section>
  );
}

/** Fetch the SDL as the server wrote it; what introspection told is the second best. */
function useSdl(url) {
  const [served, setServed] = useState({});
  const schema = useGraphiQL((state) => state.schema);
  useEffect(() => {
    const abort = new AbortController();
    fetch(url, { credentials: "same-origin", signal: abort.signal })
      .then(async (reply) => (reply.ok ? { sdl: await reply.text() } : { problem: `HTTP ${reply.status}` }))
      .catch(({ message }) => ({ problem: message }))
      .then((outcome) => abort.signal.aborted || setServed(outcome));
    return () => abort.abort();
  }, [url]);
  if (served.problem && schema) return { sdl: printSchema(schema) };
  return served;
}

function ReadOnlyEditor({ text }) {
  const monaco = useMonaco((state) => state.monaco);
  const place = useRef(null);
  useEffect(() => {
    if (!monaco) return undefined;
    teach(monaco);
    const editor = monaco.editor.create(place.current, { ...EDITOR_OPTIONS, value: text });
    return () => {
      editor.getModel()?.dispose();
      editor.dispose();
    };
  }, [monaco, text]);
  return <div className="graphiql-editor" ref={place} />;
}

// Monaco's grammar reports each directive to the console, and paints it too pale to read.
for (const rule of language.tokenizer.root) if (rule[1]?.log) rule[1] = "keyword";

function teach(monaco) {
  if (monaco.languages.getLanguages().some(({ id }) => id === LANGUAGE)) return;
  monaco.languages.register({ id: LANGUAGE });
  monaco.languages.setLanguageConfiguration(LANGUAGE, conf);
  monaco.languages.setMonarchTokensProvider(LANGUAGE, language);
}

function SchemaIcon() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M8 4H6v6l-2 2 2 2v6h2M16 4h2v6l2 2-2 2v6h-2M10 9h4M10 12h4M10 15h4" />
    </svg>
  );
}
