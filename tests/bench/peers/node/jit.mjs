// A peer: graphql-jit by hand on Node's bare HTTP server, the fastest that was found.
//
// Documents are compiled once and kept. One joined statement brings a list with all that its
// objects need, so resolvers read columns; only package files take a statement more.
//
// node jit.mjs FOLDER DATABASE REGISTRY_URL

import { createServer } from "node:http";
import { parse } from "graphql";
import { compileQuery, isCompiledQuery } from "graphql-jit";
import { createSchema } from "graphql-yoga";
import { DateScalar, announce, first, match, prepare, text, typeDefs, url } from "./data.mjs";

const COLUMNS = `
  p.slug AS packageSlug, p.display_name AS displayName, p.description AS description,
  p.is_public AS isPublic, p.created_at AS createdAt, p.updated_at AS updatedAt,
  c.slug AS catalogSlug, c.display_name AS catalogName, c.description AS catalogDescription,
  c.website AS catalogWebsite, c.is_public AS catalogIsPublic,
  u.username AS username, nullif(u.description, '') AS userDescription,
  CASE WHEN u.website_is_public THEN nullif(u.website, '') END AS userWebsite,
  v.id AS versionId, v.major AS versionMajor, v.minor AS versionMinor, v.patch AS versionPatch,
  v.created_at AS versionCreatedAt, v.updated_at AS versionUpdatedAt, v.content_id AS contentId`;
const FROM = `
  JOIN catalog AS c ON c.id = p.catalog_id
  JOIN user AS u ON u.id = p.creator_id
  LEFT JOIN version AS v ON v.id = p.latest_version_id`;
const VISIBLE = "p.is_active = 1 AND c.is_active = 1 AND p.is_public = 1 AND c.is_public = 1";

const onePackage = prepare(`
  SELECT ${COLUMNS} FROM package AS p ${FROM}
  WHERE c.slug_key = lower(:catalogSlug) AND p.slug_key = :packageSlug AND ${VISIBLE}`);
const inCatalog = prepare(`
  SELECT ${COLUMNS} FROM package AS p ${FROM}
  WHERE p.catalog_id = :id AND ${VISIBLE}
  ORDER BY p.created_at DESC, p.id DESC`);
const found = prepare(`
  WITH hit AS MATERIALIZED (
    SELECT s.rowid AS id, bm25(package_search, 8.0, 1.0) AS score
    FROM package_search AS s
    WHERE package_search MATCH :match
  )
  SELECT ${COLUMNS}, count(*) OVER () AS total
  FROM hit JOIN package AS p ON p.id = hit.id ${FROM}
  WHERE ${VISIBLE}
  ORDER BY hit.score, p.created_at DESC, p.id DESC
  LIMIT :limit OFFSET :offset`);
const content = prepare("SELECT body FROM content WHERE id = ?").pluck();

const schema = createSchema({
  typeDefs,
  resolvers: {
    Date: DateScalar,
    Query: {
      package: (_, { identifier }) => onePackage.get(identifier) ?? null,
      catalog: (_, { identifier }) => first("catalog", identifier),
      searchPackages: (_, { query, offSet, limit }) => {
        const rows = found.all({ match: match(query), offset: offSet, limit: limit + 1 });
        return {
          packages: rows.slice(0, limit),
          hasMore: rows.length > limit,
          count: rows.length ? rows[0].total : 0,
        };
      },
    },
    Package: {
      identifier: (row) => row,
      isPublic: (row) => row.isPublic === 1,
      catalog: (row) => ({
        displayName: row.catalogName,
        description: row.catalogDescription,
        website: row.catalogWebsite,
        isPublic: row.catalogIsPublic,
        catalogSlug: row.catalogSlug,
      }),
      creator: (row) => ({
        username: row.username,
        description: row.userDescription,
        website: row.userWebsite,
      }),
      latestVersion: (row) => (row.versionId === null ? null : row),
    },
    PackageIdentifier: { registryURL: () => url },
    CatalogIdentifier: { registryURL: () => url },
    Catalog: {
      identifier: (row) => row,
      isPublic: (row) => row.isPublic === 1,
      packages: (row) => inCatalog.all(row),
    },
    Version: {
      identifier: (row) => row,
      createdAt: (row) => row.versionCreatedAt,
      updatedAt: (row) => row.versionUpdatedAt,
      packageFile: (row) => text(content.get(row.contentId)),
    },
  },
});

const compiled = new Map();

const compile = (query, operationName) => {
  const kept = compiled.get(query);
  if (kept) return kept;
  const made = compileQuery(schema, parse(query), operationName);
  if (!isCompiledQuery(made)) throw new Error(JSON.stringify(made.errors));
  compiled.set(query, made);
  return made;
};

const answer = async (body) => {
  const { query, operationName, variables } = JSON.parse(body);
  const plan = compile(query, operationName);
  return plan.stringify(await plan.query({}, {}, variables ?? {}));
};

const server = createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", async () => {
    const content = await answer(Buffer.concat(pieces));
    response.writeHead(200, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(content),
    });
    response.end(content);
  });
});

announce(server);
