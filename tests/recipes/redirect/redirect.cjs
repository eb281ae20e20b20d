// Plays the way to X for Node.js: the host is the test's, all else is the libraries' own doing.
const http = require("node:http");
const https = require("node:https");
const { syncBuiltinESMExports } = require("node:module");

const api = new URL(process.env.RECIPES_API);

https.request = (options, ...rest) => {
  if (options.host !== "api.x.com") throw new Error(`a recipe asks another host: ${options.host}`);
  const to = { protocol: "http:", host: api.hostname, port: api.port };
  return http.request({ ...options, ...to }, ...rest);
};
syncBuiltinESMExports();
