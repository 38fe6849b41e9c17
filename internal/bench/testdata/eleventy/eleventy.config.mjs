// One page for each contact, an index sorted by due date, and tag pages.
export default function (config) {
  config.setQuietMode(true);
  config.setUseGitIgnore(false);
  config.addGlobalData("layout", "contact.liquid");
  config.addGlobalData("permalink", () => (data) =>
    data.page.inputPath.endsWith(".md") ? `contacts/${data.page.filePathStem.split("/").pop()}.html` : data.permalink);
  config.addCollection("due", (api) =>
    api.getFilteredByGlob("content/**/*.md").sort((a, b) => (a.data.due < b.data.due ? -1 : a.data.due > b.data.due ? 1 : 0)));
  config.addCollection("byTag", (api) => {
    const byTag = new Map();
    for (const item of api.getFilteredByGlob("content/**/*.md"))
      for (const tag of item.data.tags ?? []) byTag.set(tag, [...(byTag.get(tag) ?? []), item]);
    return [...byTag.keys()].sort().map((tag) => ({
      tag,
      pages: byTag.get(tag).sort((a, b) => (a.data.name < b.data.name ? -1 : 1)),
    }));
  });
  return { dir: { input: ".", includes: "_includes", output: "_site" }, markdownTemplateEngine: false };
}
