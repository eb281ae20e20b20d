//! What stands below the options in each help: what to know, and examples.

pub(super) const BIRDKEY: &str = "\
Examples:
  birdkey login                 log in through the browser
  birdkey token                 print the access token
  birdkey token --format header | curl -H @- https://api.x.com/2/users/me
  birdkey sandbox               try everything without an X account

Not affiliated with or endorsed by X Corp.";

pub(super) const LOGIN: &str = "\
Examples:
  birdkey login
  birdkey login --scope tweet.read --scope users.read --scope tweet.write --scope offline.access
  birdkey login --account @ada        log in again as @ada; warns if another user approves
  birdkey login --paste               the browser is on another machine";

pub(super) const TOKEN: &str = "\
It never opens a browser or asks a question; exit code 4 means that a login is needed.

Examples:
  birdkey token --account @ada --min-valid 10m
  birdkey token --format header | curl -H @- https://api.x.com/2/users/me";

pub(super) const SWITCH: &str = "\
Examples:
  birdkey switch @ada
  birdkey switch --app 'My bot'";

pub(super) const LOGOUT: &str = "\
Examples:
  birdkey logout --account @ada
  birdkey logout --all                before Birdkey is removed";

pub(super) const VAULT: &str = "\
Examples:
  birdkey vault show
  birdkey vault use file              on a machine without a keychain
  birdkey vault unlock --for 8h";

pub(super) const APP: &str = "\
Examples:
  birdkey app add --client-id ID
  birdkey app check
  birdkey app list --json";

pub(super) const APP_ADD: &str = "\
Examples:
  birdkey app add --client-id ID
  birdkey app add --client-id ID --confidential --client-secret-file -";

pub(super) const SANDBOX: &str = "\
Examples:
  birdkey sandbox
  birdkey sandbox --approve auto --fault token:drop-after";

pub(super) const EXEC: &str = "\
The token is not refreshed while the program runs; long-running programs should call birdkey token.
Other programs of yours, programs it starts, and root can read a program's environment.

Examples:
  birdkey exec -- ./post.py
  birdkey exec --account @ada --env BEARER_TOKEN -- node bot.js";

pub(super) const API: &str = "\
The token is sent only to the server it was issued by, and is never shown. X charges for most reads.

Examples:
  birdkey api /2/users/me
  birdkey api /2/tweets/search/recent -f query=from:XDevelopers -X GET
  birdkey api /2/tweets -f text='Hello' --scope tweet.write
  birdkey api /2/tweets -d @post.json";

pub(super) const DOCTOR: &str = "\
The output has no secrets, so you can paste it into a bug report. Without --fix and --record nothing
is stored, refreshed or revoked.
Each app's server gets one refresh with a made-up token, and one read of /2/users/me per valid token.

Examples:
  birdkey doctor
  birdkey doctor --offline      without contacting a server
  birdkey doctor --fix          finish interrupted work, fix permissions, unlock the keychain
  birdkey doctor --record x.json   record how X behaves where its documentation is silent";

pub(super) const IDENTITY: &str = "\
The identity opens the encrypted files without a passphrase. Birdkey reads it from, in this order:
  the file named by identity_file in the section [vault] of config.toml
  the file named by BIRDKEY_VAULT_IDENTITY, e.g. /dev/fd/3 for a file descriptor
  the credential birdkey-vault-identity that systemd passes to a service

Examples:
  install -d -m 0700 /etc/credstore.encrypted
  birdkey vault identity | systemd-creds encrypt --name=birdkey-vault-identity - /etc/credstore.encrypted/birdkey-vault-identity
  BIRDKEY_VAULT_IDENTITY=/dev/fd/3 birdkey token 3< identity";

pub(super) const COMPLETIONS: &str = "\
Examples:
  echo 'source <(birdkey completions bash)' >> ~/.bashrc
  echo 'source <(birdkey completions zsh)' >> ~/.zshrc
  birdkey completions fish > ~/.config/fish/completions/birdkey.fish
  birdkey completions powershell >> $PROFILE";
