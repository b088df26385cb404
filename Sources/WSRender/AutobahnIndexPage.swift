import WSReport

/// The page `index.html` in Autobahn's form: a row for each case, two columns for each agent, links to the cases.
struct AutobahnIndexPage {
    private let agents: [Agent]
    private let numbers: [String]
    private let titles: [String: Report.Case]

    private struct Agent {
        var name: String
        var cases: [String: Report.Case]
        /// Why there are no cases; nil if there are some.
        var obstacle: String?
    }

    init(_ reports: [Report]) {
        agents = reports.map { report in
            let numbered = report.cases.compactMap { entry in entry.autobahnNumber.map { ($0, entry) } }
            return Agent(
                name: report.peer.name,
                cases: Dictionary(numbered) { first, _ in first },
                obstacle: report.cases.isEmpty ? report.footer.reason : nil
            )
        }.sorted { $0.name < $1.name }
        titles = agents.reduce(into: [:]) { titles, agent in titles.merge(agent.cases) { first, _ in first } }
        numbers = titles.keys.sorted { Self.parts($0).lexicographicallyPrecedes(Self.parts($1)) }
    }

    /// Who made the page.
    static let author = "By wsconform"

    private static func parts(_ number: String) -> [Int] { number.split(separator: ".").map { Int($0) ?? .max } }

    private static let chapters = [
        "1": "Framing", "2": "Pings and Pongs", "3": "Reserved bits", "4": "Opcodes", "5": "Fragmentation",
        "6": "UTF-8",
        "7": "Closing", "9": "Limits and performance", "10": "Other", "12": "Compression of kinds of data",
        "13": "Compression with parameters",
    ]

    /// The page.
    var text: String {
        let counts = agents.map { agent in
            if let obstacle = agent.obstacle {
                return "<li>\(AutobahnHTML.text(agent.name)): not tested, \(AutobahnHTML.text(obstacle))</li>"
            }
            let failed = agent.cases.values.count { entry in
                [AutobahnOutcome(behaviorOf: entry), AutobahnOutcome(closeOf: entry)].contains {
                    $0.style == "case_failed"
                }
            }
            return "<li>\(AutobahnHTML.text(agent.name)): \(agent.cases.count) cases, \(failed) failed</li>"
        }
        let body = """
            <h1>WebSocket test report</h1>
            <p>\(Self.author), in the form of Autobahn|Testsuite's reports. For each agent, the left column is what it did
            with what it was sent, the right one the code of its Close frame and how the connection ended.</p>
            <ul>
            \(counts.joined(separator: "\n"))
            </ul>
            <table id="agent_case_results">
            \(rows.joined(separator: "\n"))
            </table>
            <div id="test_case_descriptions">
            \(numbers.map(description).joined(separator: "\n"))
            </div>
            """
        return AutobahnHTML.page(title: "WebSocket test report", body: body)
    }

    private var rows: [String] {
        var rows: [String] = []
        var last: Substring?
        for number in numbers {
            let chapter = number.prefix { $0 != "." }
            if chapter != last {
                let names = agents.map { "<td class=\"agent\" colspan=\"2\">\(AutobahnHTML.text($0.name))</td>" }
                let title = Self.chapters[String(chapter)].map { " \($0)" } ?? ""
                rows.append(
                    "<tr class=\"case_category_row\"><td class=\"case_category\">\(AutobahnHTML.text(chapter))\(title)</td>"
                        + names.joined() + "</tr>"
                )
                last = chapter
            }
            let name =
                "<td class=\"case\"><a href=\"#\(Self.anchor(number))\">Case \(AutobahnHTML.text(number))</a></td>"
            rows.append(
                "<tr class=\"agent_case_result_row\">\(name)" + agents.map { cells($0, number) }.joined() + "</tr>"
            )
        }
        return rows
    }

    private func cells(_ agent: Agent, _ number: String) -> String {
        guard let entry = agent.cases[number] else {
            let outcome = AutobahnOutcome.missing
            return "<td class=\"\(outcome.style)\" colspan=\"2\">\(outcome.word)</td>"
        }
        let (behavior, close) = (AutobahnOutcome(behaviorOf: entry), AutobahnOutcome(closeOf: entry))
        let file = AutobahnRenderer.caseFile(agent.name, number, "html")
        let time =
            entry.isLoad ? entry.autobahn?.duration.map { "<br><span class=\"case_duration\">\($0) ms</span>" } : nil
        return "<td class=\"\(behavior.style)\"><a href=\"\(file)\">\(behavior.word)</a>\(time ?? "")</td>"
            + "<td class=\"close \(close.style)\"><span class=\"close_code\">\(close.word)</span></td>"
    }

    private static func anchor(_ number: String) -> String { "case_desc_" + AutobahnRenderer.fileName(number) }

    private func description(_ number: String) -> String {
        guard let entry = titles[number] else { return "" }
        return """
            <a name="\(Self.anchor(number))"></a>
            <h2>Case \(AutobahnHTML.text(number))</h2>
            <p class="case_text_block case_desc">\(AutobahnHTML.text(entry.title))</p>
            <p class="case_text_block case_expect">\(AutobahnHTML.text(AutobahnRenderer.expectation(entry)))
            <a class="up" href="#top">Up</a></p>
            """
    }
}
