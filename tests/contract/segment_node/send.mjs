// One of each call, as a program sends them; the host and the write key are arguments.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, maxEventsInBatch: 3 });
const userId = "node";
analytics.identify({ userId, traits: { email: "node@example.com", plan: "pro" } });
analytics.track({ userId, event: "Paid", properties: { sum: 5 } });
analytics.page({ userId, name: "Pricing" });
analytics.screen({ userId, name: "Cart" });
analytics.group({ userId, groupId: "g-node", traits: { name: "Node Ltd" } });
analytics.track({ anonymousId: "browser", event: "Looked" });
analytics.alias({ userId, previousId: "browser" });
await analytics.closeAndFlush();
