// Parse Server with one class, whose objects anybody may create: `node server.mjs PORT`.

import { ParseServer } from "parse-server";

const port = Number(process.argv[2]);
const { PARSE_APPLICATION_ID, MONGODB_URL } = process.env;
const string = { type: "String" };

await ParseServer.startApp({
  host: "127.0.0.1",
  port,
  appId: PARSE_APPLICATION_ID,
  masterKey: "not used",
  databaseURI: MONGODB_URL,
  serverURL: `http://127.0.0.1:${port}/parse`,
  logLevel: "error",
  schema: {
    definitions: [
      {
        className: "Lead",
        fields: {
          name: string,
          email: string,
          phone: string,
          source_url: string,
          referrer: string,
          attributes: { type: "Object" },
          utm: { type: "Object" },
          page_trail: { type: "Array" },
        },
        classLevelPermissions: { create: { "*": true } },
      },
    ],
  },
});
