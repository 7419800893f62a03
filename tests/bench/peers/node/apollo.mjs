// A peer: Apollo Server on Node, which keeps parsed and validated documents.
//
// node apollo.mjs FOLDER DATABASE REGISTRY_URL

import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { loaders, resolvers, typeDefs } from "./data.mjs";

const server = new ApolloServer({ typeDefs, resolvers, introspection: false });
const { url } = await startStandaloneServer(server, {
  context: async () => loaders(),
  listen: { host: "127.0.0.1", port: 0 },
});
console.log(url.replace("localhost", "127.0.0.1"));
