// Compiles mails with MJML's own compiler: [[source, folder], ...] in, [html, ...] out, both as JSON. With "complaints"
// behind the folder of the compiler each answer is what it has against the mail, as JSON.
const mjml = require(process.argv[2] + "/node_modules/mjml");
const compile = mjml.default || mjml;
let given = "";
process.stdin.on("data", (part) => (given += part));
process.stdin.on("end", async () => {
  const made = [];
  for (const [source, folder] of JSON.parse(given)) {
    const options = { filePath: folder, ignoreIncludes: false, includePath: folder, validationLevel: "soft" };
    const done = await compile(source, options);
    const complaints = (done.errors || []).map((one) => one.formattedMessage || String(one));
    made.push(process.argv[3] === "complaints" ? JSON.stringify(complaints) : done.html);
  }
  process.stdout.write(JSON.stringify(made));
});
