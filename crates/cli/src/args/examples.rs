//! What stands below the options in each help: what to know, and examples.

pub(super) const BIRDKEY: &str = "\
Examples:
  birdkey login                 log in through the browser
  birdkey token                 print the access token
  birdkey token --format header | curl -H @- https://api.x.com/2/users/me
  birdkey sandbox               run a pretend X on this machine

Not affiliated with or endorsed by X Corp.";

pub(super) const LOGIN: &str = "\
Examples:
  birdkey login
  birdkey login --scope tweet.read --scope users.read --scope tweet.write --scope offline.access
  birdkey login --account @ada        log in again, and say so if somebody else came back
  birdkey login --paste               the browser is on another machine";

pub(super) const TOKEN: &str = "\
It never opens a browser and asks nothing; exit code 4 means that a login is needed.

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
The token lives as long as it lives: a program that runs for hours had better call birdkey token.
Your other programs, those that it starts and root can read a program's environment.

Examples:
  birdkey exec -- ./post.py
  birdkey exec --account @ada --env BEARER_TOKEN -- node bot.js";

pub(super) const API: &str = "\
The token goes to the server of its login and nowhere else; it is never shown. X bills most reads.

Examples:
  birdkey api /2/users/me
  birdkey api /2/tweets/search/recent -f query=from:XDevelopers -X GET
  birdkey api /2/tweets -f text='Hello' --scope tweet.write
  birdkey api /2/tweets -d @post.json";

pub(super) const DOCTOR: &str = "\
Its output holds no secret and can go into a bug report. Without --fix and --record it stores,
refreshes and revokes nothing.
Each app's server gets a refresh with a junk token, and for a valid token one read of /2/users/me.

Examples:
  birdkey doctor
  birdkey doctor --offline      without asking any server
  birdkey doctor --fix          finish what was cut off, close folders, unlock the keychain
  birdkey doctor --record x.json   write down what X does where its documents say nothing";

pub(super) const IDENTITY: &str = "\
The identity opens the encrypted files without a passphrase. Birdkey takes it from, in this order:
  the file that identity_file names in the section [vault] of the configuration
  the file that BIRDKEY_VAULT_IDENTITY names, e.g. /dev/fd/3 for a file descriptor
  the credential birdkey-vault-identity that systemd gives a service

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
