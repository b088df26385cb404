import Testing

@Suite("The list of reason keys")
struct ReasonKeyTests {
    @Test func `has none that no rule and no scenario makes`() throws {
        let list = try Checkout.text("Sources/WSScenario/ReasonKey.swift")
        let names = list.matches(of: #/\n    case ([A-Za-z]+)/#).map { String($0.output.1) }
        #expect(names.count > 100)
        let paths = `Source files`.files.filter { path in
            path.hasPrefix("Sources/WSJudge/") || path.hasPrefix("Sources/WSCatalogue/")
        }
        let text = try paths.map { try Checkout.text($0) }.joined()
        let used = Set(text.matches(of: #/\.([a-z][A-Za-z]+)\b/#).map { String($0.output.1) })
        for name in names where !used.contains(name) { Issue.record("\(name) is never made") }
    }
}
