//! `birdkey api`.

use clap::Args;

use super::Chosen;

#[derive(Debug, Args)]
pub(crate) struct Api {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// The method [default: GET, or POST with a body]
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// The body: JSON, @FILE, or - for standard input
    #[arg(short = 'd', long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// A field of the JSON body, or of the query of a GET; may be repeated
    #[arg(short = 'f', long = "field", value_name = "NAME=VALUE", value_parser = field)]
    pub(crate) fields: Vec<(String, String)>,
    /// A header, e.g. 'Accept: text/csv'; never Authorization; may be repeated
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// A scope that the token must have; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Print the status and headers of the response, too
    #[arg(short = 'i', long)]
    pub(crate) include: bool,
    /// A path of the API, like /2/users/me
    pub(crate) path: String,
}

fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a field has the form NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
