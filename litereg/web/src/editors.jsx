// What the editors do beyond GraphiQL's settings, for which it has no property.

import { useEffect } from "react";
import { useGraphiQL } from "@graphiql/react";

/** Wrap long lines of the operation, and say in the empty Headers pane what belongs there. */
export function EditorOptions({ headerExample }) {
  const { queryEditor, headerEditor } = useGraphiQL(({ queryEditor, headerEditor }) => ({
    queryEditor,
    headerEditor,
  }));
  useEffect(() => queryEditor?.updateOptions({ wordWrap: "on", wrappingIndent: "indent" }), [queryEditor]);
  useEffect(() => headerEditor?.updateOptions({ placeholder: headerExample }), [headerEditor, headerExample]);
  return null;
}
