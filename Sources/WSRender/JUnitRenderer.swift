import WSJudge
package import WSReport

/// Renders reports as JUnit XML, which continuous integration systems show as test results.
///
/// A suite is a topic. The schema is `Reports/schema/junit.xsd`. What counts against the peer without being a case has
/// suites of its own, so that a run never looks better than its exit status.
package enum JUnitRenderer: Renderer {
    package static let name = "junit"
    package static let product = "junit.xml"
    package static let file = OwnFile(name: "junit.xml", mark: "<testsuites name=\"wsconform\"")

    package static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile] {
        let suites = reports.flatMap { report in
            Suites(of: RunDigest(report), prefix: reports.count > 1 ? report.peer.name + ": " : "").all
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wsconform\" \(Tally(suites).text)>\n"
        for suite in suites { suite.write(to: &text) }
        text += "</testsuites>\n"
        return [RenderedFile(path: "junit.xml", text: text)]
    }

    /// The suites of a report.
    private struct Suites {
        let all: [Suite]

        init(of digest: RunDigest, prefix: String) {
            let report = digest.report
            var suites: [Suite] = []
            var places: [String: Int] = [:]
            func add(_ test: Test, to topic: String) {
                let place = places[topic] ?? suites.count
                if place == suites.count {
                    suites.append(Suite(name: prefix + topic, report: report))
                    places[topic] = place
                }
                suites[place].tests.append(test)
            }
            for (name, reason) in Self.doubts(digest) {
                add(Test(name: name, outcome: .error("undecided", reason), details: []), to: "run")
            }
            for cause in CauseDigest.passing(of: report) where report.options.profile == .rfc {
                let counts = cause.verdict == .fail || digest.isStrict
                let outcome: Outcome =
                    digest.isKnownInPassing(cause)
                    ? .skipped("known: \(cause.reason)") : counts ? .failure(cause.requirement, cause.reason) : .passed
                let details = [cause.extent, cause.reason, cause.citation, cause.sentence, "example: \(cause.example)"]
                add(
                    Test(name: "\(cause.requirement) \(cause.reason)", outcome: outcome, details: details),
                    to: "in passing"
                )
            }
            for remark in report.baseline?.problematic ?? [] {
                add(Test(name: remark.pattern, outcome: .failure("baseline", remark.text), details: []), to: "baseline")
            }
            for entry in report.cases { add(Test(of: entry, in: digest), to: entry.topic) }
            all = suites
        }

        /// What leaves a run undecided besides single cases.
        private static func doubts(_ digest: RunDigest) -> [(String, String)] {
            let report = digest.report
            var doubts: [(String, String)] = []
            if !report.footer.complete { doubts.append(("complete", report.footer.reason ?? "cut short")) }
            if report.summary.judged == 0 { doubts.append(("judged", "nothing was judged")) }
            return doubts + report.lacking.map { ("required", $0) }
        }
    }

    /// The result of a test; the first text is the type, the second the message.
    private enum Outcome {
        case passed
        case failure(String, String)
        case error(String, String)
        case skipped(String)
    }

    /// A case as a test.
    private struct Test {
        var name: String
        var outcome: Outcome
        var milliseconds: Double?
        var details: [String]

        init(name: String, outcome: Outcome, details: [String]) {
            self.name = name
            self.outcome = outcome
            self.details = details
        }

        init(of entry: Report.Case, in digest: RunDigest) {
            name = entry.id
            milliseconds = entry.durationMilliseconds
            let type = entry.decisiveRequirement?.id ?? entry.verdictWord
            switch entry.verdict {
            case .fail, .tolerated:
                outcome =
                    digest.known.contains(entry.id)
                    ? .skipped("known: \(entry.reason)")
                    : entry.verdict == .fail || digest.isStrict ? .failure(type, entry.reason) : .passed
            case .inconclusive: outcome = .error(entry.verdictWord, entry.reason)
            case .skipped, .unimplemented: outcome = .skipped("\(entry.verdictWord): \(entry.reason)")
            case .pass, .informational: outcome = .passed
            }
            details = Self.details(of: entry, in: digest)
        }

        /// What is told besides the message; nothing of a case that passed.
        private static func details(of entry: Report.Case, in digest: RunDigest) -> [String] {
            switch entry.verdict {
            case .pass, .skipped, .unimplemented: return []
            case .informational: return ["informational: \(entry.reason)"]
            case .tolerated, .inconclusive, .fail: break
            }
            let decisive = entry.decisiveRequirement
            let sentence = decisive.flatMap { digest.report.requirements[$0.id]?.sentence } ?? ""
            let known = entry.knownReferences?.first.map { "known: \($0.project), \($0.reference)" }
            return [
                "\(entry.verdictWord): \(entry.title)", entry.reason, decisive?.citation ?? "", sentence, known ?? "",
            ] + entry.wire.map { "  " + $0.text } + ["again: \(digest.again(entry.id))"]
        }

        func write(to text: inout String, suite: String) {
            text += "    <testcase name=\"\(XMLText.escaped(name))\" classname=\"\(XMLText.escaped(suite))\""
            if let milliseconds { text += " time=\"\(seconds(milliseconds))\"" }
            let lines = details.filter { !$0.isEmpty }.map { XMLText.escaped($0) }.joined(separator: "\n")
            switch outcome {
            case .passed where lines.isEmpty: text += "/>\n"
            case .passed: text += ">\n      <system-out>\(lines)</system-out>\n    </testcase>\n"
            case .skipped(let why):
                text += ">\n      <skipped message=\"\(XMLText.escaped(why))\"/>\n    </testcase>\n"
            case .failure(let type, let message): write("failure", type, message, lines, to: &text)
            case .error(let type, let message): write("error", type, message, lines, to: &text)
            }
        }

        private func write(
            _ element: String,
            _ type: String,
            _ message: String,
            _ lines: String,
            to text: inout String
        ) {
            let attributes = "message=\"\(XMLText.escaped(message))\" type=\"\(XMLText.escaped(type))\""
            text += ">\n      <\(element) \(attributes)>\(lines)</\(element)>\n    </testcase>\n"
        }
    }

    /// A topic as a suite of tests.
    private struct Suite {
        let name: String
        let report: Report
        var tests: [Test] = []

        init(name: String, report: Report) {
            self.name = name
            self.report = report
        }

        func write(to text: inout String) {
            // Readers of the form expect a time without a zone; a report from a file may hold anything.
            let time = String((report.run?.startedAt ?? "").prefix(19))
            let isTime = time.wholeMatch(of: /[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]/) != nil
            let began = isTime ? " timestamp=\"\(time)\"" : ""
            text += "  <testsuite name=\"\(XMLText.escaped(name))\" \(Tally([self]).text)\(began)>\n    <properties>\n"
            let properties = [
                ("peer", report.peer.name), ("url", report.peer.url), ("role", report.roleUnderTest.rawValue),
                ("wsconform", report.tool.version), ("profile", report.options.profile.rawValue),
                ("seed", "\(report.options.seed)"),
            ]
            for (name, value) in properties {
                text += "      <property name=\"\(name)\" value=\"\(XMLText.escaped(value))\"/>\n"
            }
            text += "    </properties>\n"
            for test in tests { test.write(to: &text, suite: name) }
            text += "  </testsuite>\n"
        }
    }

    /// The numbers in the attributes of suites.
    private struct Tally {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0
        var milliseconds = 0.0

        init(_ suites: [Suite]) {
            for test in suites.flatMap(\.tests) {
                tests += 1
                milliseconds += test.milliseconds ?? 0
                switch test.outcome {
                case .passed: break
                case .failure: failures += 1
                case .error: errors += 1
                case .skipped: skipped += 1
                }
            }
        }

        var text: String {
            "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" "
                + "time=\"\(JUnitRenderer.seconds(milliseconds))\""
        }
    }

    /// Milliseconds as seconds with three digits behind the point.
    private static func seconds(_ milliseconds: Double) -> String {
        // A report from a file may contain any number.
        let whole = Int(min(max(milliseconds.rounded(), 0), 1e12))
        let rest = String(whole % 1_000)
        return "\(whole / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
