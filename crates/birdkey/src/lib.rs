//! The engine of Birdkey: log in to X once, hand out access tokens, keep no secret in between.
//!
//! No Tauri and no terminal in here. The desktop shell and the command are thin layers over
//! [`Engine`], see state only as [`view::View`], and show failures only as [`problem::Problem`].
//!
//! # Map
//!
//! The modules are floors: each imports only from those above it in this table, and a tidy test
//! (`tests/tests/tidy/floors.rs`) holds them to it.
//!
//! | where | what |
//! |---|---|
//! | [`protocol`], a crate | OAuth 2.0 as values: requests are built, answers and callbacks are read |
//! | [`model`] | what a client registration, a grant and a client secret are, and what each is bound to |
//! | [`effects`] | the world as traits, each beside its real implementation |
//! | [`store`] | our files: `config.toml`, `accounts.json`, activity, notes of logins, the choice of the vault; and the file of xurl |
//! | [`failure`], [`problem`] | every cause of failure, and which words of the catalogue tell it |
//! | [`use_cases`] | login, refresh, token, logout and the others, in an order of their own |
//! | [`view`] | the one View, and how it is made |
//! | [`engine`] | what window, tray and command call; what is going on now |
//!
//! Words stand below the use cases, not above them, because three of those need some of their own: a login
//! tells the browser why it failed, a refresh that a vault did not take keeps the reason, and each entry
//! of the activity has a code. They are made in [`problem`] alone.
//!
//! # Two walks
//!
//! A code, from the browser to the keychain: a connection is read by [`effects::loopback`] as a
//! [`protocol::secret::Secret`]; its listener hands the query to [`use_cases::login`], which has
//! [`protocol::authorize::PendingLogin`] read it into a code, redeems it, and has `read_token_answer`
//! read the answer; `Grant::new` binds the tokens to app and server; `use_cases::grants` writes the item
//! through the vault that [`store`] chose; the browser is told; `use_cases::identity` asks for the profile
//! and gives the grant to its account.
//!
//! A token, from the command line to stdout: `args` are read, [`Engine::token`] chooses the account from
//! `config.toml` and `accounts.json`, [`use_cases::token`] reads the grant and checks its scopes, its
//! life and what was noted of it; only if that does not do, `use_cases::refresh` asks the server; the
//! use is counted, and the command prints the token.
//!
//! # How a login flows
//!
//! What waits to be revoked for the app is sent first (5 seconds in all), as a server might end the new
//! grant with it later. The vault is checked, the listener is opened, then the browser. What arrives at the listener is
//! read by [`protocol::authorize::PendingLogin`], which is used up by the one token request it is
//! for. Logins through one app take turns from there on, so that the order of the grants is the server's.
//! The exchange is noted before it is sent: cut off anywhere, the next command finds the grant in the
//! vault and settles it, or says that tokens may live at the server. The grant goes to the vault, then
//! into the account list, and only then the browser is told the outcome. The profile is asked for
//! meanwhile; it confirms or contradicts the account that the login is for (`use_cases::identity`).
//! A pair that is replaced is kept in the queue before it is written over.
//!
//! Where an app's first redirect URI is the deep link, a link takes the place of the request at the
//! listener: [`effects::deep_link`] is another [`effects::loopback::RedirectSource`], with the same
//! trait and the same checks. Only the desktop app has it; the command hands such a login over to the
//! app by two files of the data folder and one id. A third one, [`effects::paste`], listens and takes
//! what a person pastes whose browser is on another machine.
//!
//! # How a refresh flows
//!
//! Lock the account across processes, read the vault again, note the intent durably, send, write the
//! new pair and read it back, take the note away, hand out. Before the note it can be cancelled; from the
//! note on [`effects::underway`] sees it through. A refresh token works once, so each step
//! answers one way of losing it: two processes (lock and second look), a crash or a lost reply (the
//! note, which counts only for the pair in the vault: without an end it was cut off and is resolved by the
//! next call; with one it says when the next attempt may begin. If the server had rotated, the account
//! says so), a
//! vault that can't be written (asked before sending; and when it fails after the rotation, the new pair
//! waits in a file, sealed to a key that lies inside the vault item of the old one). A grant counts as dead only when the server
//! said so in the words for it, and the vault still holds the pair that was sent.
//!
//! # Invariants
//!
//! - `protocol`, a crate of its own, never waits, reads the clock, draws randomness or does I/O. This
//!   crate's `clippy.toml` bans the world outside `effects`.
//! - All engine time goes through [`effects::clock::Clock`].
//! - A [`protocol::secret::Secret`] redacts itself; the way out is `expose`, and a tidy test lists
//!   the files that call it.
//! - A grant and a client secret carry the client id and the origins they were made for; used
//!   elsewhere nothing is sent.
//! - What others wrote travels as [`birdkey_foreign::Foreign`], cleaned when it arrives; it has no
//!   `Display`, each place that shows it has a function of its own, and a tidy test lists the files that
//!   take it out of its type. A token is visible ASCII when it arrives, or it is refused.
//! - A broken or newer file is reported and left as it is.
//! - Only an [`effects::files::OurFile`] is written, locked, renamed or removed, and only its own module
//!   makes one.
//! - What a person reads is [`birdkey_messages::Words`], which become text when they are shown; nothing
//!   here sets a language, and what is written to files, logs and the command is English.
//! - Keychain prompts are raised only by an act of the user: a login, storing a client secret,
//!   [`Engine::unlock_vault`].
//!
//! # Decisions
//!
//! - [`Engine`] is shared by reference instead of being an actor. What must not run at the same
//!   time is kept apart by file locks, which hold against other processes as well; an actor would
//!   only order the calls of one of them, and a slow keychain would hold up the others.
//! - A new grant is written under a new account first and moved into the account that user already
//!   has once the profile says so: cut off anywhere, the grant is in the vault under one of the two.
//! - A grant that could not be stored is revoked at once, so that no token stays alive that nobody
//!   can find again.
//! - Revocation is a state of a grant: what the server has had no word on moves into a queue whose items
//!   carry all it needs. An entry leaves it on the server's word, by an act of the user, or by age.
//! - Of a server that is not X or the sandbox it is not known whether a login ends the one before. So a
//!   replaced pair is revoked only while it still works beside the new one; else it waits for the next
//!   logout of the account, because revoking it could end the new login.
//! - A lifetime that the server left out is assumed to be two hours at X and unknown elsewhere; a
//!   negative one is unknown. Neither loses the grant.

pub mod effects;
pub mod engine;
pub mod failure;
#[doc(hidden)]
pub mod fuzzing;
pub mod model;
pub mod problem;
pub mod store;
pub mod use_cases;
pub mod view;

pub use birdkey_protocol as protocol;
pub use engine::Engine;
pub use model::{app, grant};
pub use store::activity;
pub use store::vaults::KEEP_OPEN;
pub use use_cases::context::Effects;
pub use use_cases::{login, record, token};
