#!/usr/bin/env bash
# The whole life of a label, by curl and jq alone: label_life.sh URL KEY, as a label manager.
#
# Each step compares what the registry at URL answers with what it has to; the first difference ends
# the script. Nothing of litereg's own is used, as nothing of it is at hand where such scripts run.
set -euo pipefail

readonly url=$1 key=$2
readonly endpoint=$url/catalog/api/v1/custom/graphql

# post BODY [CURL-OPTION…]: print the answer.
post() {
  curl -sS -H 'Content-Type: application/json' --data-binary @- "${@:2}" "$endpoint" <<<"$1"
}

# ask DOCUMENT [VARIABLES]: print the answer to a document, asked with the key.
ask() {
  local variables=${2:-null}
  post "$(jq -cn --arg query "$1" --argjson variables "$variables" '{$query, $variables}')" \
    -H "Authorization: Bearer $key"
}

# labels DOCUMENT [VARIABLES]: the same for the fields of a query's customCatalogLabel.
labels() { ask "{ customCatalogLabel { $1 } }" "${2:-null}"; }

# change FIELDS: the same for those of a mutation, written out as literals.
change() { ask "mutation { customCatalogLabel { $1 } }"; }

# is WHAT EXPECTED FILTER: the answer on standard input, through jq's FILTER, has to be EXPECTED.
is() {
  local found
  found=$(jq -c "$3")
  if [[ $found != "$2" ]]; then
    printf 'not ok - %s\n  expected %s\n  found    %s\n' "$1" "$2" "$found" >&2
    exit 1
  fi
  echo "ok - $1"
}

# status OPTIONS…: print the HTTP status of an answer to a query, and its body behind it.
status() { post "$1" -w '\n%{http_code}' "${@:2}" | jq -cs '[.[1], (.[0] | has("errors"))]'; }

# Who may ask, and what is no request.
readonly query='{"query": "{ customCatalogLabel { searchLabels { totalCount } } }"}'
is 'a key that is none is refused, with a body that says so' '[401,true]' . \
  <<<"$(status "$query" -H 'Authorization: Bearer none')"
is 'nobody is told to log in' '"NOT_AUTHENTICATED"' '.errors[0].message' <<<"$(post "$query")"
is 'what is no JSON is refused' '[400,true]' . <<<"$(status 'no JSON')"
is 'a document that cannot be read is refused' '[400,true]' . <<<"$(status '{"query": "{"}')"

# Make labels.
is 'a label is made' '{"name":"approved","description":"read by ann"}' \
  '.data.customCatalogLabel.createCustomCatalogLabel' <<<"$(
    change 'createCustomCatalogLabel(label: {name: "approved", description: "read by ann"}) {
      name description }'
  )"
is 'success has no key errors' false 'has("errors")' <<<"$(labels 'getLabel(name: "approved") { name }')"
is 'a second one of that name is not' '["Some of the labels already exist",null]' \
  '[.errors[0].message, .data]' <<<"$(
    change 'createCustomCatalogLabel(label: {name: "approved"}) { name }'
  )"
is 'several are made at once, in their order' '["banned","Ärger","old"]' \
  '[.data.customCatalogLabel.createCustomCatalogLabels[].name]' <<<"$(
    change 'createCustomCatalogLabels(labels: [{name: "banned"}, {name: "Ärger"}, {name: "old"}]) {
      name }'
  )"

# Find them.
is 'a label that is not there is null, and no error' '{"data":{"customCatalogLabel":{"getLabel":null}}}' \
  . <<<"$(labels 'getLabel(name: "nope") { name }')"
is 'case does not count where the filter says so' '["Ärger"]' \
  '[.data.customCatalogLabel.searchLabels.edges[].node.name]' <<<"$(
    labels 'searchLabels(where: {nameContainsFold: "äRG"}) { edges { node { name } } }'
  )"
is 'they are listed by name' '["approved","banned","old","Ärger"]' \
  '[.data.customCatalogLabel.searchLabels.edges[].node.name]' <<<"$(
    labels 'searchLabels(orderBy: {field: NAME}) { edges { node { name } } }'
  )"

# Put them on a package and on versions.
is 'a package gets a label' true '.data.customCatalogLabel[]' <<<"$(
  change 'assignCustomCatalogLabelsToPublicPackage(publicPackageLabels: {
    publicPackage: {name: "left-pad", type: "npm"}, labelNames: ["banned"]})'
)"
is 'and no second one' true '.errors[0].message | startswith("A requested package already has")' <<<"$(
  change 'assignCustomCatalogLabelsToPublicPackage(publicPackageLabels: {
    publicPackage: {name: "left-pad", type: "npm"}, labelNames: ["old"]})'
)"
readonly assign='mutation ($label: PublicPackageVersionsLabelInput!) { customCatalogLabel {
  assignCustomCatalogLabelToPublicPackageVersions(publicPackageVersionsLabel: $label) } }'
versions() {
  jq -cn --argjson count "$1" '{label: {labelName: "approved", publicPackageVersions: [
    range($count) | {publicPackage: {name: "lodash", type: "npm"}, version: "4.17.\(.)"}]}}'
}
is '501 versions are too many' true '.errors[0].message | contains("more than 500")' \
  <<<"$(ask "$assign" "$(versions 501)")"
is '500 versions get a label in one call' true '.data.customCatalogLabel[]' \
  <<<"$(ask "$assign" "$(versions 500)")"

# Read back what carries a label, page by page, the way that scripts do.
after=null seen=0
while
  page=$(labels 'getLabel(name: "approved") { publicPackageVersionsConnection(first: 100, after: '"$after"') {
    edges { assignedBy node { version publicPackage { name type } } }
    pageInfo { hasNextPage endCursor } } }' | jq '.data[].getLabel.publicPackageVersionsConnection')
  seen=$((seen + $(jq '.edges | length' <<<"$page")))
  [[ $(jq '.pageInfo.hasNextPage' <<<"$page") == true ]]
do
  after=\"$(jq -r '.pageInfo.endCursor' <<<"$page")\"
done
is 'all 500 come in pages of 100' 500 . <<<"$seen"
is 'each says who put the label there' '["ann"]' '[.edges[].assignedBy] | unique' <<<"$page"
is 'a package knows its labels' '["banned"]' \
  '[.data.publicPackage.getPackage.customCatalogLabelsConnection.edges[].node.name]' <<<"$(
    ask '{ publicPackage { getPackage(name: "left-pad", type: "npm") {
      customCatalogLabelsConnection(first: 10) { edges { node { name } } } } } }'
  )"
is 'packages are found by label' '["left-pad"]' \
  '[.data.publicPackage.searchPackages.edges[].node.name]' <<<"$(
    ask '{ publicPackage { searchPackages(where: {hasCustomCatalogLabelsWith: [{name: "banned"}]}) {
      edges { node { name } } } } }'
  )"

# Label what a file names.
is 'a list of packages is imported and labelled' '[2,2,0]' \
  '.data.importPublicPackages | [.added, .labelled, .skippedCount]' <<<"$(
    ask 'mutation ($files: [PublicPackageListInput!]!) {
      importPublicPackages(files: $files, label: "old") { added labelled skippedCount } }' \
      "$(jq -cn '{files: [{name: "list.csv", base64: ("ms,2.1.2,npm\nclick,8.1.8,pypi\n" | @base64)}]}')"
  )"

# Rename, take off, delete.
is 'a label is renamed, and what it means stays' '{"name":"checked","description":"read by ann"}' \
  '.data.customCatalogLabel.updateCustomCatalogLabel' <<<"$(
    change 'updateCustomCatalogLabel(label: {name: "approved", updatedName: "checked"}) {
      name description }'
  )"
is 'what carries it goes on carrying it' 500 \
  '.data.customCatalogLabel.getLabel.publicPackageVersionsConnection.totalCount' <<<"$(
    labels 'getLabel(name: "checked") { publicPackageVersionsConnection { totalCount } }'
  )"
is 'a label is taken off a version' true '.data.customCatalogLabel[]' <<<"$(
  change 'removeCustomCatalogLabelsFromPublicPackageVersion(publicPackageVersionLabels: {
    publicPackageVersion: {publicPackage: {name: "lodash", type: "npm"}, version: "4.17.0"},
    labelNames: ["checked", "old"]})'
)"
is 'and off it once more, which is no error' true '.data.customCatalogLabel[]' <<<"$(
  change 'removeCustomCatalogLabelsFromPublicPackageVersion(publicPackageVersionLabels: {
    publicPackageVersion: {publicPackage: {name: "lodash", type: "npm"}, version: "4.17.0"},
    labelNames: ["checked"]})'
)"
is 'the other versions keep it' 499 \
  '.data.customCatalogLabel.getLabel.publicPackageVersionsConnection.totalCount' <<<"$(
    labels 'getLabel(name: "checked") { publicPackageVersionsConnection { totalCount } }'
  )"
is 'labels are deleted with all that they are on' true '.data.customCatalogLabel[]' <<<"$(
  change 'deleteCustomCatalogLabels(labels: [{name: "checked"}, {name: "banned"}, {name: "old"}])'
)"
is 'deleting one that is gone answers false' false '.data.customCatalogLabel[]' <<<"$(
  change 'deleteCustomCatalogLabel(label: {name: "checked"})'
)"
is 'packages stay, without a label' '{"name":"left-pad","labels":0}' \
  '.data.publicPackage.getPackage | {name, labels: .customCatalogLabelsConnection.totalCount}' <<<"$(
    ask '{ publicPackage { getPackage(name: "left-pad", type: "npm") {
      name customCatalogLabelsConnection { totalCount } } } }'
  )"

# What is gone is in the log.
is 'the log tells the life of a label that is gone' \
  '{"ASSIGNED":500,"CREATED":1,"DELETED":1,"REMOVED":500,"RENAMED":1}' \
  '[.data.customCatalogLabel.log.edges[].node.action] | group_by(.) | map({(.[0]): length}) | add' <<<"$(
    labels 'log(label: "approved", first: 2000) { edges { node { action } } }'
  )"
echo 'The life of a label is over.'
