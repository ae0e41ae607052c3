// Read what the page was told, start GraphiQL with it, and make the buttons work.
const told = JSON.parse(document.getElementById("told").textContent);
const state = document.getElementById("state");

// A link may bring a query along, `?query=…&variables=…`: it is shown in a tab of its own, and run by
// whoever looks at it. It leaves the address, since a reload would open it again beside its changes.
const link = new URLSearchParams(location.search);
const brought = link.get("query")
  ? { query: link.get("query"), variables: link.get("variables") ?? "" }
  : undefined;
if (brought) {
  history.replaceState(null, "", location.pathname);
  told.tabs.unshift(brought);
}

// On a first visit GraphiQL shows the first tab's query by itself, but its variables only from here.
if (told.tabs[0]?.variables && !localStorage.getItem("graphiql:tabState")) {
  localStorage.setItem("graphiql:variables", told.tabs[0].variables);
}

const socket = new URL(told.endpoint, location.href);
socket.protocol = socket.protocol.replace("http", "ws");

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({
      url: told.endpoint,
      subscriptionUrl: socket.href,
      enableIncrementalDelivery: false,
    }),
    defaultTabs: told.tabs.length ? told.tabs : undefined,
    ...brought,
    defaultEditorToolsVisibility: "variables",
  }),
);

// The session is a cookie we cannot see: ask who it says we are.
async function showState() {
  const reply = await fetch(told.session, { headers: { accept: "application/json" } });
  const session = reply.ok ? await reply.json().catch(() => null) : null;
  const email = session?.account?.email;
  state.textContent = email ? `Signed in as ${email}` : "Not signed in";
  document.getElementById("out").hidden = !email;
}

async function change(method, body) {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(told.session, { method, headers, body: body && JSON.stringify(body) });
  if (reply.ok) await showState();
  else state.textContent = `That did not work (${reply.status}).`;
}

for (const button of document.querySelectorAll("button[data-account]")) {
  const { email, password } = told.accounts[button.dataset.account];
  button.addEventListener("click", () => change("POST", { email, password }));
}
document.getElementById("out")?.addEventListener("click", () => change("DELETE"));
if (told.accounts.length) showState();
