// The playground: GraphiQL for one registry. The page says on its root element where things are.

import "./workers.js";
import "./ended.js";
import "./contrast.js"; // It also makes Monaco load with the page, not after its first paint.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./playground.css";
import { createRoot } from "react-dom/client";
import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { Answer, HEADER_EXAMPLE } from "./answer.jsx";
import { EditorOptions } from "./editors.jsx";
import { connect } from "./endpoint.js";
import firstQuery from "./first-query.graphql";
import { CopyLink, DeepLinks, takeDeepLink } from "./links.jsx";
import { schemaPlugin } from "./schema.jsx";
import { dragFromTheRight, openDocsByShortcut } from "./sides.js";
import { storageFor } from "./storage.js";

const root = document.getElementById("playground");
const { endpoint, home, registry, schemaUrl, viewer } = root.dataset;
const { send, useLastAnswer } = connect(endpoint);
const storage = storageFor(endpoint);

// GraphiQL compares by identity: a copy with another title would lose its state with each closing.
DOC_EXPLORER_PLUGIN.title = "Docs";
const plugins = [schemaPlugin(schemaUrl), HISTORY_PLUGIN];
for (const plugin of [DOC_EXPLORER_PLUGIN, ...plugins]) plugin.icon = labelled(plugin);

dragFromTheRight(storage);
openDocsByShortcut();
createRoot(root).render(<Playground link={takeDeepLink()} />);

function Playground({ link }) {
  return (
    <GraphiQL
      fetcher={send}
      storage={storage}
      plugins={plugins}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultQuery={firstQuery}
      initialQuery={link?.query}
      initialVariables={link?.variables ?? undefined}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <a className="litereg-name" href={home}>
          {registry}
        </a>
        <code className="litereg-endpoint" title={new URL(endpoint, location.href).href}>
          {endpoint}
        </code>
        {viewer && <span className="litereg-viewer">as {viewer}</span>}
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <CopyLink />
          </>
        )}
      </GraphiQL.Toolbar>
      <GraphiQL.Footer>
        <Answer useLastAnswer={useLastAnswer} viewer={viewer} />
      </GraphiQL.Footer>
      <EditorOptions headerExample={HEADER_EXAMPLE} />
      <DeepLinks />
    </GraphiQL>
  );
}

/** Return the icon of *plugin* with its name in letters: an icon alone has to be known already. */
function labelled({ icon: Icon, title }) {
  return function LabelledIcon() {
    return (
      <>
        <Icon />
        <span aria-hidden="true">{title}</span>
      </>
    );
  };
}
