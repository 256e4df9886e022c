// What a web page does with supabase-js: prints what it saw as one line of JSON.
import { createClient } from "@supabase/supabase-js";

const [url, key, email, password] = process.argv.slice(2);
// Node 20 has no WebSocket, which the client wants to see before anybody uses it.
const realtime = { transport: globalThis.WebSocket ?? class {} };
const supabase = createClient(url, key, { auth: { autoRefreshToken: false }, realtime });

const must = ({ data, error }) => {
  if (error) throw error;
  return data;
};

const signedUp = must(await supabase.auth.signUp({ email, password, options: { data: { name: "Alice" } } }));
must(await supabase.auth.signOut());
const signedIn = must(await supabase.auth.signInWithPassword({ email, password }));
must(await supabase.from("websites").insert({ name: "Coffee shop" }));
const websites = must(await supabase.from("websites").select("name, user_id"));
const refreshed = must(await supabase.auth.refreshSession());
const user = must(await supabase.auth.getUser()).user;
const claims = must(await supabase.auth.getClaims()).claims;
const wrong = await supabase.auth.signUp({ email, password });
must(await supabase.auth.signOut());
const gone = await supabase.auth.refreshSession({ refresh_token: refreshed.session.refresh_token });
const anonymous = await supabase.from("websites").select("name");

console.log(
  JSON.stringify({
    signedUp: signedUp.user.id,
    signedIn: signedIn.user.id,
    websites,
    refreshed: refreshed.session.refresh_token !== signedIn.session.refresh_token,
    user: { email: user.email, name: user.user_metadata.name },
    claims: { sub: claims.sub, role: claims.role, iss: claims.iss },
    wrong: wrong.error.code,
    gone: gone.error.code,
    anonymous: anonymous.error.code,
  }),
);
