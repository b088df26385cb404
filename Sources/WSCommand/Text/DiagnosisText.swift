package import WSConform
import WSJudge
import WSKernels
import WSLink
package import WSRender
import WSReport
import WSTranscript

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What was found out about a server before a run, a line for each finding.
package struct DiagnosisText {
    /// The forms that it can be printed in.
    package enum Format: String, CaseIterable, Sendable {
        /// Lines for people.
        case text
        /// One object of JSON.
        case json
    }

    /// Whether a finding is good news.
    enum State: String, Encodable {
        /// As it should be.
        case good
        /// Worth knowing.
        case neutral
        /// Something is wrong.
        case bad
    }

    /// A finding.
    struct Finding: Encodable {
        var topic: String
        var state: State
        var text: String
    }

    private let diagnosis: Diagnosis
    private let style: TextStyle
    /// The findings in the order in which a connection meets them.
    let findings: [Finding]

    /// Prepares the text.
    package init(_ diagnosis: Diagnosis, style: TextStyle = TextStyle()) {
        (self.diagnosis, self.style) = (diagnosis, style)
        findings = Self.findings(of: diagnosis)
    }

    /// The lines for a terminal.
    package var lines: [String] {
        let width = findings.map(\.topic.count).max() ?? 0
        return findings.map { finding in
            let topic = TextStyle.left(finding.topic, width)
            let text = TextEscaping.escaped(finding.text, limit: Self.longestLine)
            return "\(mark(finding.state)) \(topic)  \(text)"
        }
    }

    private static let longestLine = 2_000

    /// The findings as JSON.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            url: diagnosis.url,
            ready: diagnosis.isReady,
            findings: findings,
            cases: diagnosis.isReady ? diagnosis.cases : nil,
            leftOut: diagnosis.leftOut,
            command: diagnosis.command
        )
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    private struct Document: Encodable {
        var url: String
        var ready: Bool
        var findings: [Finding]
        var cases: Int?
        var leftOut: [Report.LeftOut]
        var command: [String]
    }

    private func mark(_ state: State) -> String {
        switch state {
        case .good: style.coloured("✓", .pass)
        case .neutral: "·"
        case .bad: style.coloured("✗", .fail)
        }
    }

    // MARK: - Findings

    private static func findings(of diagnosis: Diagnosis) -> [Finding] {
        var all = reached(diagnosis)
        if let answer = diagnosis.handshake { all += answered(answer, diagnosis) }
        if let application = diagnosis.application { all.append(messages(application)) }
        all += [diagnosis.compression.map(compression), diagnosis.sizes.map(sizes)].compactMap(\.self)
        if let end = diagnosis.closing { all.append(closing(end, of: diagnosis.isOnStream ? "the stream" : "TCP")) }
        if let obstacle = diagnosis.obstacle {
            return all + [Finding(topic: "ready", state: .bad, text: "no: \(obstacle)")]
        }
        let words = diagnosis.command.map { ShellWord.quoted($0) }.joined(separator: " ")
        return all + [cases(diagnosis), Finding(topic: "ready", state: .good, text: words)]
    }

    private static func reached(_ diagnosis: Diagnosis) -> [Finding] {
        var all: [Finding] = []
        switch diagnosis.host {
        case .notAsked: break
        case .address(let address): all.append(Finding(topic: "name", state: .good, text: "has the address \(address)"))
        case .unknown: all.append(Finding(topic: "name", state: .bad, text: "has no address"))
        }
        let way = diagnosis.proxy.map { "\(diagnosis.place) through the proxy \($0)" } ?? diagnosis.place
        switch diagnosis.reach {
        case .none: all.append(Finding(topic: "connection", state: .bad, text: "none to \(way)"))
        case .connected:
            all.append(Finding(topic: "connection", state: .good, text: way))
            all.append(Finding(topic: "TLS", state: .bad, text: "its handshake failed"))
        case .open(let milliseconds):
            let time = milliseconds < 10 ? "\((milliseconds * 10).rounded() / 10)" : "\(Int(milliseconds))"
            all.append(Finding(topic: "connection", state: .good, text: "\(way), in \(time) ms"))
            if diagnosis.security != nil { all.append(security(diagnosis)) }
        }
        return all
    }

    private static func security(_ diagnosis: Diagnosis) -> Finding {
        guard let facts = diagnosis.security else { return Finding(topic: "TLS", state: .neutral, text: "none") }
        var parts = [([facts.version] + [facts.cipher].compactMap(\.self)).joined(separator: ", ")]
        if let end = facts.certificateNotAfter {
            let day = Timestamp.utc(milliseconds: end * 1_000).prefix(10)
            let names = facts.certificateNames.prefix(mostNames).joined(separator: ", ")
            let more = facts.certificateNames.count > mostNames ? " and more" : ""
            let whose = facts.certificateNames.isEmpty ? "no name" : names + more
            parts.append("its certificate for \(whose) is valid until \(day)")
        }
        if diagnosis.trustsAnything { parts.append("nobody verified it (--insecure)") }
        let state: State = diagnosis.trustsAnything ? .neutral : .good
        return Finding(topic: "TLS", state: state, text: parts.joined(separator: "; "))
    }

    private static let mostNames = 3

    private static func answered(_ answer: Diagnosis.Handshake, _ diagnosis: Diagnosis) -> [Finding] {
        let status = answer.status.map(String.init) ?? "no status"
        let from = answer.server.map { " from \($0)" } ?? ""
        guard answer.isOpen else {
            let wishes = answer.wishes.isEmpty ? "" : ", and names \(answer.wishes.joined(separator: ", "))"
            let due = diagnosis.isOnStream ? 200 : 101
            return [Finding(topic: "handshake", state: .bad, text: "\(status)\(from) instead of \(due)\(wishes)")]
        }
        var all: [Finding] = []
        if answer.problems.isEmpty {
            let text = diagnosis.isOnStream ? " to Extended CONNECT" : ", and Sec-WebSocket-Accept fits the key"
            all.append(Finding(topic: "handshake", state: .good, text: "\(status)\(from)\(text)"))
        }
        all += answer.problems.map { Finding(topic: "handshake", state: .bad, text: "\(status)\(from): \($0)") }
        all.append(subprotocol(answer, diagnosis))
        return all
    }

    private static func subprotocol(_ answer: Diagnosis.Handshake, _ diagnosis: Diagnosis) -> Finding {
        let offered = diagnosis.subprotocols.joined(separator: ", ")
        switch (answer.subprotocol, diagnosis.subprotocols.isEmpty) {
        case (let chosen?, _): return Finding(topic: "subprotocol", state: .good, text: "it chose \(chosen)")
        case (nil, true):
            let text = "none was offered; --subprotocol NAME offers one"
            return Finding(topic: "subprotocol", state: .neutral, text: text)
        case (nil, false):
            return Finding(topic: "subprotocol", state: .neutral, text: "it chose none of \(offered)")
        }
    }

    private static func messages(_ application: ObservedApplication) -> Finding {
        func finding(_ state: State, _ text: String) -> Finding { Finding(topic: "messages", state: state, text: text) }
        if application.speaks { return finding(.neutral, "it sends some of its own, so echoes are not tested") }
        let binary =
            switch application.binary {
            case .echo: "comes back"
            case .silence: "is taken in silence"
            case .other: "is answered with something else"
            case .refusal: "ends the connection"
            case .unknown: "is not known"
            }
        let shared = application.broadcasts ? ", and every connection hears them: one conversation at a time" : ""
        switch (application.text, application.binary) {
        case (.echo, .echo): return finding(.good, "text and binary come back\(shared)")
        case (.echo, _): return finding(.neutral, "text comes back, binary \(binary)\(shared)")
        case (_, .echo): return finding(.neutral, "binary comes back, text does not; Pings are answered")
        default: return finding(.neutral, "it does not echo; Pings are answered, and what needs no echo is tested")
        }
    }

    private static func compression(_ compression: Diagnosis.Compression) -> Finding {
        switch compression {
        case .agreed(let text): Finding(topic: "compression", state: .good, text: "agreed: \(text)")
        case .declined: Finding(topic: "compression", state: .neutral, text: "not agreed to permessage-deflate")
        case .ended: Finding(topic: "compression", state: .bad, text: "over its offer the handshake fails")
        }
    }

    private static func sizes(_ sizes: Diagnosis.Sizes) -> Finding {
        func finding(_ state: State, _ text: String) -> Finding { Finding(topic: "size", state: state, text: text) }
        let most = octets(sizes.accepted)
        guard let refused = sizes.refused else {
            return finding(.good, "a text of \(most) comes back; no larger one was tried")
        }
        guard sizes.accepted > 0 else { return finding(.bad, "a text of \(octets(refused)) does not come back") }
        if refused == sizes.accepted + 1 { return finding(.neutral, "texts of up to \(most) come back") }
        return finding(.neutral, "a text of \(most) comes back, one of \(octets(refused)) does not")
    }

    private static func octets(_ count: Int) -> String {
        let unit = [(1 << 20, "MiB"), (1 << 10, "KiB")].first { count >= $0.0 && count % $0.0 == 0 }
        return unit.map { "\(count / $0.0) \($0.1)" } ?? "\(count) octet\(count == 1 ? "" : "s")"
    }

    private static func closing(_ closing: Diagnosis.Closing, of link: String) -> Finding {
        func finding(_ state: State, _ text: String) -> Finding { Finding(topic: "closing", state: state, text: text) }
        func named(_ code: UInt16?) -> String { code.map { "\($0)" } ?? "no code" }
        switch closing {
        case .clean(let code): return finding(.good, "answers Close 1000 with \(named(code)), and ends \(link)")
        case .waits(let code):
            return finding(.neutral, "answers Close 1000 with \(named(code)), and leaves \(link) open")
        case .endsTCP: return finding(.neutral, "ends \(link) over Close 1000 without an answer to it")
        case .silent: return finding(.neutral, "neither answers Close 1000 nor ends \(link)")
        }
    }

    /// How a job is kept from being content with what is left; empty if nothing of importance is left out.
    private static func advice(_ diagnosis: Diagnosis) -> String {
        let lacking = ["echo", Report.LeftOut.compression].filter { name in
            diagnosis.leftOut.contains { $0.isMeant(by: name) && !$0.isUnselected }
        }
        guard !lacking.isEmpty else { return "" }
        return "; --require \(lacking.joined(separator: ",")) ends a run with 2 while that is so"
    }

    private static func cases(_ diagnosis: Diagnosis) -> Finding {
        let left = diagnosis.leftOut.map { "\($0.cases) \($0.why) (\($0.option))" }.joined(separator: ", ")
        let text = "\(diagnosis.cases) would run" + (left.isEmpty ? "" : "; left out: \(left)") + advice(diagnosis)
        return Finding(topic: "cases", state: .neutral, text: text)
    }
}
