// What the Node peers share: the statements in ../sql, data loaders over them, and the schema with
// its resolvers. A row is an object with the names that the schema uses.

import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import DataLoader from "dataloader";
import { GraphQLScalarType } from "graphql";

export const [folder, database, url] = process.argv.slice(2);

const db = new Database(database, { readonly: true });
db.pragma("cache_size = -16384");

const statements = Object.fromEntries(
  readdirSync(join(folder, "sql")).map((file) => [
    basename(file, ".sql"),
    db.prepare(readFileSync(join(folder, "sql", file), "utf8")),
  ]),
);

export const typeDefs = readFileSync(join(folder, "schema.graphql"), "utf8");

export const prepare = (sql) => db.prepare(sql);

export const first = (statement, params) => statements[statement].get(params) ?? null;

const byId = (statement) =>
  new DataLoader(async (ids) => {
    const rows = statements[statement].all({ ids: JSON.stringify(ids) });
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  });

const packagesOf = () =>
  new DataLoader(async (ids) => {
    const inside = new Map(ids.map((id) => [id, []]));
    const rows = statements.packages_of_catalogs.all({ ids: JSON.stringify(ids) });
    for (const row of rows) inside.get(row.catalogId).push(row);
    return ids.map((id) => inside.get(id));
  });

export const loaders = () => ({
  catalogs: byId("catalogs"),
  users: byId("users"),
  versions: byId("versions"),
  contents: byId("contents"),
  packagesOf: packagesOf(),
});

export const match = (query) =>
  query
    .toLowerCase()
    .split(/\s+/)
    .map((word) => `"=${word}"`)
    .join(" ");

const search = ({ query, offSet, limit }) => {
  const rows = statements.search.all({ match: match(query), offset: offSet, limit: limit + 1 });
  return {
    packages: rows.slice(0, limit),
    hasMore: rows.length > limit,
    count: rows.length ? rows[0].total : 0,
  };
};

export const text = (body) => body.toString("utf8");

export const DateScalar = new GraphQLScalarType({
  name: "Date",
  serialize: (milliseconds) => new Date(milliseconds).toISOString(),
});

export const resolvers = {
  Date: DateScalar,
  Query: {
    package: (_, { identifier }) => first("package", identifier),
    catalog: (_, { identifier }) => first("catalog", identifier),
    searchPackages: (_, args) => search(args),
  },
  Package: {
    identifier: (row) => ({ registryURL: url, ...row }),
    isPublic: (row) => row.isPublic === 1,
    catalog: (row, _, context) => context.catalogs.load(row.catalogId),
    creator: (row, _, context) => context.users.load(row.creatorId),
    latestVersion: (row, _, context) =>
      row.latestVersionId === null ? null : context.versions.load(row.latestVersionId),
  },
  Catalog: {
    identifier: (row) => ({ registryURL: url, catalogSlug: row.catalogSlug }),
    isPublic: (row) => row.isPublic === 1,
    packages: (row, _, context) => context.packagesOf.load(row.id),
  },
  Version: {
    identifier: (row) => row,
    packageFile: async (row, _, context) => text((await context.contents.load(row.contentId)).body),
  },
};

export const announce = (server) =>
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
