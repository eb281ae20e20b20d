import { mount } from "svelte";

import { setLanguage } from "../lib/language/language.svelte";
import "../styles/tokens.css";
import "../styles/base.css";
import Gallery from "./Gallery.svelte";

/** Every shared component in every state, in development only; one section of it by its name:
 * `gallery.html?theme=dark&lang=pseudo&section=Buttons`. */
const address = new URLSearchParams(location.search);
document.documentElement.dataset.theme = address.get("theme") ?? "light";
setLanguage(address.get("lang") ?? "en");

const target = document.getElementById("app");
if (target !== null) mount(Gallery, { target, props: { only: address.get("section") } });
