-- A custom reader: a JSON list of [format, text] becomes one Div a fragment, so that one run of
-- Pandoc reads a whole report, and a broken fragment cannot swallow its neighbours.
-- The last argument ({}: an environment without files) keeps LaTeX's \input from reading anything.
function Reader(input, _)
  local out = pandoc.List{}
  for _, item in ipairs(pandoc.json.decode(tostring(input), false)) do
    local ok, doc = pcall(pandoc.read, item[2], item[1], nil, {})
    local blocks = ok and doc.blocks or pandoc.Blocks{pandoc.CodeBlock(item[2])}
    out:insert(pandoc.Div(blocks, pandoc.Attr('', {ok and 'read' or 'unread'})))
  end
  return pandoc.Pandoc(out)
end
