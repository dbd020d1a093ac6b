// Compiles mails with MJML's own compiler: [[source, folder], ...] in, [html, ...] out, both as JSON.
const mjml = require(process.argv[2] + "/node_modules/mjml");
const compile = mjml.default || mjml;
let given = "";
process.stdin.on("data", (part) => (given += part));
process.stdin.on("end", async () => {
  const made = [];
  for (const [source, folder] of JSON.parse(given)) {
    const options = { filePath: folder, ignoreIncludes: false, includePath: folder, validationLevel: "soft" };
    made.push((await compile(source, options)).html);
  }
  process.stdout.write(JSON.stringify(made));
});
