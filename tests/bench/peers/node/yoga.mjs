// A peer: GraphQL Yoga on Node, whose parser and validation caches are on unless turned off.
//
// node yoga.mjs FOLDER DATABASE REGISTRY_URL

import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { announce, loaders, resolvers, typeDefs } from "./data.mjs";

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: loaders,
  graphiql: false,
  landingPage: false,
  logging: false,
});

announce(createServer(yoga));
