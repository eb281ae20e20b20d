//! `birdkey app`: client registrations.

use birdkey::engine::{NewApp, NewProvider, RemovedApp};
use birdkey::failure::AppError;
use birdkey::problem::{About, Problem};
use birdkey::protocol::client::ClientType;
use birdkey::view::{AppView, ClientTypeView, ProviderView};

use crate::args::{App, AppAdd, ProviderName};
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::secret_file;

pub(crate) async fn run(command: &App, output: &Output) -> Result<(), Ending> {
    match command {
        App::Add(arguments) => add(arguments, output).await,
        App::List => list(output),
        App::Show(name) => {
            let engine = super::engine()?;
            let id = engine.app(name.app.as_deref())?.id;
            let app = super::readable(&engine)?.apps.into_iter().find(|app| app.id == id);
            app.map_or(Ok(()), |app| show(&app, output))
        }
        App::Check(name) => check(name.app.as_deref(), output).await,
        App::Remove(name) => {
            let engine = super::engine()?;
            let id = engine.app(name.app.as_deref())?.id;
            let removed = super::finished(&engine, output, engine.remove_app(&id)).await?;
            let RemovedApp { app, logouts } = &removed;
            if output.is_json() {
                output.json(&json::RemovedApp::from(&removed))?;
            } else {
                super::logout::show(logouts, output);
                output.say(&format!("Removed {} ({}).", app.name.terminal(), app.id));
            }
            engine.logouts_were_shown();
            super::logout::exit_code(logouts).map_or(Ok(()), |code| Err(Ending::Said(code)))
        }
    }
}

/// What can't be found out without a login, the redirect URIs, is shown to be compared.
async fn check(name: Option<&str>, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let app = engine.app(name)?;
    let checked = engine.check_app(&app.id).await?;
    if output.is_json() {
        return output.json(&json::CheckedApp {
            app_id: &app.id,
            listens_at: checked.listens_at.as_deref(),
            redirect_uris: &app.redirect_uris,
        });
    }
    output.data(&format!(
        "{}: the server knows its client id, and its type is right.",
        app.name.terminal()
    ))?;
    match checked.listens_at {
        Some(uri) => output.data(&format!("A login would come back to {uri}."))?,
        None => output.data("A login comes back by a link to the desktop app.")?,
    }
    output.data("Each of these has to be registered, byte for byte:")?;
    app.redirect_uris.iter().try_for_each(|uri| output.data(&format!("  {uri}")))
}

async fn add(arguments: &AppAdd, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let client_secret = match &arguments.client_secret_file {
        None if arguments.confidential => return Err(problem(AppError::SecretNeeded)),
        None => None,
        Some(file) => {
            let read = secret_file::read(file)?;
            Some(read.ok_or_else(|| problem(AppError::ClientSecret))?)
        }
    };
    if let (Some(id), Some(secret)) = (&arguments.id, &client_secret) {
        super::finished(&engine, output, engine.set_client_secret(id, secret)).await?;
        output.say("The client secret is stored.");
        return Ok(());
    }
    let new = NewApp {
        name: arguments.name.clone(),
        provider: provider(arguments),
        client_id: arguments.client_id.clone().unwrap_or_default(),
        client_type: if arguments.confidential {
            ClientType::Confidential
        } else {
            ClientType::Public
        },
        redirect_uris: arguments.redirect_uris.clone(),
        scopes: arguments.scopes.clone(),
        client_secret,
    };
    let added = super::finished(&engine, output, engine.add_app(new)).await?;
    if output.is_json() {
        return output.json(&json::OneApp::from(&added));
    }
    output.say(&format!("Added {} with id {}.", added.name.terminal(), added.id));
    output.say("Register these redirect URIs for it, exactly as they are:");
    for uri in &added.redirect_uris {
        output.say(&format!("  {uri}"));
    }
    note(&added, output);
    output.say(&format!("Then run: birdkey login --app {}", added.id));
    Ok(())
}

fn provider(arguments: &AppAdd) -> NewProvider {
    let addresses = &arguments.addresses;
    match arguments.provider {
        ProviderName::X => NewProvider::X,
        ProviderName::Sandbox => NewProvider::Sandbox { address: addresses.sandbox_url.clone() },
        ProviderName::Custom => NewProvider::Custom {
            authorize: addresses.authorize_url.clone().unwrap_or_default(),
            token: addresses.token_url.clone().unwrap_or_default(),
            revoke: addresses.revoke_url.clone(),
            profile: addresses.profile_url.clone(),
            issuer: addresses.issuer.clone(),
        },
    }
}

fn list(output: &Output) -> Result<(), Ending> {
    let view = super::readable(&super::engine()?)?;
    if output.is_json() {
        return output.json(&json::AppList::from(view.apps.as_slice()));
    }
    if view.apps.is_empty() {
        output.say("No app is set up. Run: birdkey app add --help");
    }
    for app in &view.apps {
        output.data(&format!("{}  {}  {}", app.id, app.name.terminal(), app.host))?;
    }
    Ok(())
}

fn show(app: &AppView, output: &Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.json(&json::OneApp::from(app));
    }
    let kind = match (app.client_type, app.provider) {
        (ClientTypeView::Public, ProviderView::X) => "public (Native App at X)",
        (ClientTypeView::Public, ProviderView::Sandbox | ProviderView::Custom) => "public",
        (ClientTypeView::Confidential, ProviderView::X) => {
            "confidential (Web App, Automated App or Bot at X)"
        }
        (ClientTypeView::Confidential, ProviderView::Sandbox | ProviderView::Custom) => {
            "confidential"
        }
    };
    output.data(&format!("{} ({})", app.name.terminal(), app.id))?;
    output.data(&format!("  server         {}", app.host))?;
    output.data(&format!("  client id      {}", app.client_id))?;
    output.data(&format!("  type           {kind}"))?;
    output.data(&format!("  scopes         {}", app.scopes.join(" ")))?;
    for uri in &app.redirect_uris {
        output.data(&format!("  redirect URI   {uri}"))?;
    }
    note(app, output);
    Ok(())
}

fn note(app: &AppView, output: &Output) {
    if let Some(problem) = &app.problem {
        output.say(&format!("note: {} {} {}", problem.what, problem.why, problem.hint));
    }
}

fn problem(error: AppError) -> Ending {
    Problem::new(&error.into(), &About::default()).into()
}
