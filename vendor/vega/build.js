// Writes dvc-plots.html: the template with its scripts inside, so that the page asks nobody for anything.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const scripts = Object.entries(dependencies).map(([name, version]) => {
  const code = readFileSync(`node_modules/${name}/build/${name}.min.js`, "utf8");
  // A reference to another file would be looked for, and an end tag would end the script.
  const alone = code.replace(/^\/\/# sourceMappingURL=.*$/m, "").replaceAll("</script", "<\\/script");
  return `<!-- ${name} ${version} -->\n<script>${alone.trim()}</script>`;
});
const template = readFileSync("template.html", "utf8");
writeFileSync("dvc-plots.html", template.replace("<!-- scripts -->", () => scripts.join("\n")));

// All that these scripts are bundled from, each with its licence; equal texts once.
const packages = {};
const files = readdirSync("node_modules", { recursive: true }).filter((path) => /^(@[^/]+\/)?[^/]+\/licen[cs]e[^/]*$/i.test(path));
for (const path of files.sort()) {
  const text = readFileSync(`node_modules/${path}`, "utf8").trim();
  (packages[text] ??= []).push(path.split("/").slice(0, -1).join("/"));
}
const licences = Object.entries(packages).map(([text, names]) => `${names.join(", ")}\n\n${text}\n`);
writeFileSync("LICENCES.txt", licences.join(`\n${"-".repeat(80)}\n\n`));
