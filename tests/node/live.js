// The clients that people use, against us: each prints what it was told, a line of JSON for each.
// live.js <ws|distinct|single> <url> <query> <variables> <events to wait for> <headers>
import { createClient as createStreamClient } from "graphql-sse";
import { createClient as createSocketClient } from "graphql-ws";

const [mode, url, query, variables, wanted, headers] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));
let cursor, heard = 0;

// A client that reconnects repeats what it was given first. The getter is read when it does so.
const given = Object.defineProperty(JSON.parse(variables), "after", {
  enumerable: true,
  get: () => cursor,
});
const pause = () => new Promise((done) => setTimeout(done, 100));
const common = { url, retryAttempts: 50, headers: JSON.parse(headers) };
const clients = {
  ws: () =>
    createSocketClient({
      ...common,
      connectionParams: common.headers,
      retryWait: pause,
      shouldRetry: () => true, // without it a server that is not there yet is final
    }),
  distinct: () => createStreamClient({ ...common, retry: pause }),
  single: () => createStreamClient({ ...common, retry: pause, singleConnection: true }),
};

const client = clients[mode]();
const stop = client.subscribe({ query, variables: given }, {
  next(result) {
    say(result);
    const [event] = Object.values(result.data ?? {});
    cursor = event?.cursor ?? cursor;
    if (event?.__typename !== "Heartbeat" && ++heard === Number(wanted)) stop();
  },
  error(problem) {
    say({ error: problem.message ?? problem, code: problem.code });
    client.dispose();
  },
  complete() {
    say({ complete: true });
    client.dispose();
  },
});
