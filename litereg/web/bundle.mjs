// Bundle src/ into the folder named on the command line. litereg/web/assets.py runs this in a
// temporary copy, after `npm ci`; nothing here reaches the network.

import { build } from "esbuild";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const outdir = process.argv[2] ?? "out";
const COMPRESSED = new Set([".css", ".js", ".svg", ".ttf", ".txt"]);

const { metafile } = await build({
  entryPoints: {
    site: "src/site.js",
    playground: "src/playground.jsx",
    icon: "src/icon.svg",
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  },
  outdir,
  bundle: true,
  // A worker and the page share most of graphql-js and of Monaco's base: split, each is sent once.
  splitting: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  loader: { ".graphql": "text", ".svg": "copy", ".ttf": "file" },
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  logLevel: "warning",
});
// esbuild writes a style sheet for each part that is loaded late; playground.css holds them all.
const used = new Set(["playground.css", "site.css"]);
const unused = (await readdir(outdir)).filter((name) => name.endsWith(".css") && !used.has(name));
await Promise.all(unused.map((name) => rm(join(outdir, name))));
await writeFile(join(outdir, "LICENSES.txt"), await licences(Object.keys(metafile.inputs)));
await Promise.all((await readdir(outdir)).map((name) => compress(join(outdir, name))));

/** Return the licence texts of all packages that have a file in the bundle. */
async function licences(inputs) {
  const folders = inputs.map((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
  const texts = [...new Set(folders)].filter(Boolean).sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|thirdparty)/i.test(file));
    const parts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    return [`${name} ${version} (${license})`, ...parts].join("\n\n");
  });
  return (await Promise.all(texts)).join(`\n\n${"=".repeat(80)}\n\n`);
}

/** Put FILE.br and FILE.gz beside FILE, for a server that only picks the one a browser accepts. */
async function compress(file) {
  if (!COMPRESSED.has(extname(file))) return;
  const bytes = await readFile(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  await Promise.all([
    writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params })),
    writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION })),
  ]);
}
