//! Beside other programs that hold logins.

use birdkey_sandbox::DEMO_CLIENT_ID;

use crate::ground::{Ground, out};
use crate::page::Block;

pub async fn a_login_of_xurl_moves_over([block]: [Block; 1]) {
    let ground = Ground::logged_in().await;
    let (access, refresh) = (ground.token(), ground.provider.newest_refresh_token());
    std::fs::remove_dir_all(ground.home().join(".local/share/birdkey")).unwrap();
    let file = ground.home().join(".xurl/auth.yml");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    let app = format!("apps:\n  mine:\n    client_id: {DEMO_CLIENT_ID}\n    oauth2_tokens:\n");
    let login = format!(
        "      demo_ada:\n        type: oauth2\n        oauth2:\n          access_token: {access}\n          refresh_token: {refresh}\n          expiration_time: 4102444800\ndefault_app: mine\n"
    );
    std::fs::write(&file, app + &login).unwrap();

    let [import, ask] = block.text.lines().collect::<Vec<_>>().try_into().unwrap();
    out(&ground.sh(import));
    ground.api.take();
    assert!(out(&ground.sh(ask)).contains("\"demo_ada\""));
    assert_eq!(ground.asked("GET /2/users/me").token, access);
    let left = std::fs::read_to_string(file).unwrap();
    assert!(!left.contains(&refresh) && !left.contains(&access), "{left}");
    out(&ground.sh("birdkey refresh"));
}
