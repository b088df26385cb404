package import WSReport

/// Renders reports in Autobahn|Testsuite's format: two indexes, and two files for each case, in JSON and in HTML.
///
/// Scripts that read Autobahn's reports can read these, and links between the pages are as in Autobahn's. Only cases
/// with an Autobahn number are included. Autobahn has no word for a case that was not run or is inconclusive. Such a
/// case is `FAILED` with our reason as its result, because a script would take a missing case for a success.
package enum AutobahnRenderer: Renderer {
    package static let name = "autobahn"
    package static let product = "index.json, index.html, and two files for each case"
    package static let file = OwnFile(name: "index.html", mark: AutobahnIndexPage.author)

    /// Renders the reports of one or more peers.
    ///
    /// - Throws: ``RenderError`` if two peers would get the same files.
    package static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile] {
        var agents: [String: String] = [:]
        for report in reports {
            let agent = report.peer.name
            if let other = agents.updateValue(agent, forKey: fileName(agent)) { throw .sameAgent(other, agent) }
        }
        return files(of: reports) { _ in true }
    }

    /// Renders the reports of several peers; one that would get the files of another has its address in its name.
    ///
    /// - Parameters:
    ///   - reports: The reports.
    ///   - changed: The names of the peers whose cases are rendered; nil for all. The index is always that of all.
    /// - Returns: The files.
    package static func render(distinct reports: [Report], casesOf changed: Set<String>? = nil) -> [RenderedFile] {
        files(of: distinct(reports)) { changed?.contains(reports[$0].peer.name) ?? true }
    }

    /// The reports with names that give different files.
    package static func distinct(_ reports: [Report]) -> [Report] {
        var taken: Set<String> = []
        return reports.map { report in
            var report = report
            let name = report.peer.name
            var number = 1
            while !taken.insert(fileName(report.peer.name)).inserted {
                report.peer.name = number == 1 ? "\(name) \(report.peer.url)" : "\(name) \(report.peer.url) \(number)"
                number += 1
            }
            return report
        }
    }

    private static func files(of reports: [Report], rendersCasesOf: (Int) -> Bool) -> [RenderedFile] {
        var index: [String: JSONValue] = [:]
        var files: [RenderedFile] = []
        for (place, report) in reports.enumerated() {
            let agent = report.peer.name
            let isRendered = rendersCasesOf(place)
            var entries: [String: JSONValue] = [:]
            for entry in report.cases {
                guard let number = entry.autobahnNumber else { continue }
                let file = caseFile(agent, number, "json")
                entries[number] = indexEntry(entry, file: file)
                guard isRendered else { continue }
                let page = AutobahnCasePage(entry: entry, number: number, report: report)
                files.append(RenderedFile(path: file, text: document(entry, number, of: report).text))
                files.append(RenderedFile(path: caseFile(agent, number, "html"), text: page.text))
            }
            index[agent] = .sorted(entries)
        }
        files.sort { $0.path < $1.path }
        return [
            RenderedFile(path: "index.json", text: JSONValue.sorted(index).text),
            RenderedFile(path: "index.html", text: AutobahnIndexPage(reports).text),
        ] + files
    }

    /// The name of a case's file.
    static func caseFile(_ agent: String, _ number: String, _ ending: String) -> String {
        "\(fileName(agent))_case_\(fileName(number)).\(ending)"
    }

    /// The files of cases that an `index.json` of ours names, without folders.
    package static func caseFiles(in index: [UInt8]) -> [String] {
        String(decoding: index, as: UTF8.self).matches(of: /"reportfile": "([a-z0-9_]*_case_[0-9_]+)\.json"/)
            .flatMap { ["\($0.output.1).json", "\($0.output.1).html"] }
    }

    /// A name as a part of a file name, by Autobahn's rules.
    package static func fileName(_ name: String) -> String {
        let kept = trimmed(name).lowercased().unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "0"..."9": Character(scalar)
            default: " "
            }
        }
        return String(trimmed(String(kept)).map { $0 == " " ? "_" : $0 })
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    // MARK: - Documents

    private static func indexEntry(_ entry: Report.Case, file: String) -> JSONValue {
        .sorted([
            "behavior": .string(behavior(entry)),
            "behaviorClose": .string(entry.autobahn?.behaviorClose ?? failed),
            "duration": .number(duration(entry)),
            "remoteCloseCode": .optional(entry.autobahn?.remoteCloseCode),
            "reportfile": .string(file),
        ])
    }

    private static let failed = "FAILED"

    private static func behavior(_ entry: Report.Case) -> String { entry.autobahn?.behavior ?? failed }

    private static func duration(_ entry: Report.Case) -> Int { entry.autobahn?.duration ?? 0 }

    private static func document(_ entry: Report.Case, _ number: String, of report: Report) -> JSONValue {
        let verdict = entry.autobahn
        let notRun = "\(entry.verdictWord): \(entry.reason)"
        var members: [String: JSONValue] = [
            "agent": .string(report.peer.name),
            "behavior": .string(behavior(entry)),
            "behaviorClose": .string(verdict?.behaviorClose ?? failed),
            "result": .string(verdict?.result ?? notRun),
            "resultClose": .string(verdict?.resultClose ?? notRun),
            "id": .string(number),
            "description": .string(entry.title),
            "expectation": .string(expectation(entry)),
            "case": .number(verdict?.ordinal ?? 0),
            "started": .string(verdict?.started ?? report.run?.startedAt ?? ""),
            "duration": .number(duration(entry)),
            // Autobahn reports times only for its load cases.
            "reportTime": .bool(entry.isLoad),
            "reportCompressionRatio": .bool(false),
            "createStats": .bool(true),
            "isServer": .bool(report.roleUnderTest == .client),
            "trafficStats": .null,
            // Our readable lines do not fit Autobahn's wire log, which has chunks and times.
            "createWirelog": .bool(false),
            "wirelog": .array([]),
        ]
        members.merge(endMembers(verdict)) { $1 }
        members.merge(eventMembers(verdict)) { $1 }
        return .sorted(members)
    }

    /// The members about the end of the connection.
    private static func endMembers(_ verdict: Report.AutobahnResult?) -> [String: JSONValue] {
        [
            "closedByMe": .bool(verdict?.closedByMe ?? false),
            "failedByMe": .bool(verdict?.failedByMe ?? false),
            "droppedByMe": .bool(verdict?.droppedByMe ?? false),
            "wasClean": .bool(verdict?.wasClean ?? false),
            "wasNotCleanReason": .optional(verdict?.wasNotCleanReason),
            "wasServerConnectionDropTimeout": .bool(verdict?.wasServerConnectionDropTimeout ?? false),
            "wasOpenHandshakeTimeout": .bool(verdict?.wasOpenHandshakeTimeout ?? false),
            "wasCloseHandshakeTimeout": .bool(verdict?.wasCloseHandshakeTimeout ?? false),
            "localCloseCode": .optional(verdict?.localCloseCode),
            "localCloseReason": .optional(verdict?.localCloseReason),
            "remoteCloseCode": .optional(verdict?.remoteCloseCode),
            "remoteCloseReason": .optional(verdict?.remoteCloseReason),
        ]
    }

    /// The members about the received and the expected events.
    private static func eventMembers(_ verdict: Report.AutobahnResult?) -> [String: JSONValue] {
        [
            "received": .array((verdict?.received ?? []).map(event)),
            "expected": .sorted((verdict?.expected ?? [:]).mapValues { .array($0.map(event)) }),
            "expectedClose": .sorted(verdict.map { expectedClose($0.expectedClose) } ?? [:]),
            "httpRequest": .string(verdict?.httpRequest ?? "?"),
            "httpResponse": .string(verdict?.httpResponse ?? "?"),
            "rxOctetStats": .sorted(verdict?.rxOctetStats ?? [:]),
            "txOctetStats": .sorted(verdict?.txOctetStats ?? [:]),
            "rxFrameStats": .sorted(verdict?.rxFrameStats ?? [:]),
            "txFrameStats": .sorted(verdict?.txFrameStats ?? [:]),
        ]
    }

    /// An event: strings, except for the Boolean that says whether a message is binary.
    private static func event(_ parts: [String]) -> JSONValue {
        .array(
            parts.enumerated().map { index, part in
                parts.first == "message" && index == 2 ? .bool(part == "true") : .string(part)
            }
        )
    }

    private static func expectedClose(_ close: Report.AutobahnResult.ExpectedClose) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "closeCode": .array(close.closeCode.map { .number(Int($0)) }),
            "closedByMe": .bool(close.closedByMe),
            "requireClean": .bool(close.requireClean),
        ]
        if let isFatal = close.closedByWrongEndpointIsFatal {
            members["closedByWrongEndpointIsFatal"] = .bool(isFatal)
        }
        return members
    }

    /// The requirement and the title of the case.
    static func expectation(_ entry: Report.Case) -> String {
        entry.decisiveRequirement.map { "\($0.citation) (\($0.id))" } ?? ""
    }
}
