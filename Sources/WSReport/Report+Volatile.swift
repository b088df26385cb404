import WSJudge

extension Report {
    /// The report without times, read boundaries, octets and the port.
    ///
    /// In this form, two runs with the same seed against the same peer are equal. Baselines are stored in this form.
    package var withoutVolatileParts: Report {
        var report = self
        report.run = nil
        let authority = Self.authority(of: peer.url)
        let place: (String) -> String = { Self.replacing(authority, in: $0) }
        report.peer.url = place(peer.url)
        if peer.name == authority { report.peer.name = place(peer.name) }
        for index in report.passive.indices {
            report.passive[index].reason = place(report.passive[index].reason)
        }
        for index in report.causes.indices {
            report.causes[index].reason = place(report.causes[index].reason)
        }
        for index in report.cases.indices {
            report.cases[index].durationMilliseconds = nil
            report.cases[index].reason = place(report.cases[index].reason)
            // Keys and the length of the port number change octets and offsets.
            report.cases[index].wire = report.cases[index].wire.map { WireLine(place($0.text)) }
            report.cases[index].autobahn?.removeVolatileParts(place)
            report.cases[index].target?.removeVolatileParts()
        }
        return report
    }

    /// The placeholder for the target's host and port.
    package static let authorityPlaceholder = "{authority}"

    private static func authority(of url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url }
        return String(url[start...].prefix { $0 != "/" && $0 != "?" })
    }

    private static func replacing(_ authority: String, in text: String) -> String {
        authority.isEmpty ? text : text.replacing(authority, with: authorityPlaceholder)
    }
}

extension TargetRecord {
    fileprivate mutating func removeVolatileParts() {
        residentOctetsBefore = nil
        residentOctetsPeak = nil
        processorSeconds = nil
    }
}

extension Report.AutobahnResult {
    fileprivate mutating func removeVolatileParts(_ place: (String) -> String) {
        started = nil
        duration = nil
        rxOctetStats = nil
        // How much of a script was sent before the peer ended the connection depends on timing.
        txOctetStats = nil
        txFrameStats = nil
        httpRequest = place(httpRequest)
        httpResponse = Self.withoutDate(httpResponse)
    }

    /// A message head with its Date field masked (RFC 9110, 6.6.1).
    private static func withoutDate(_ head: String) -> String {
        // Octets are compared, because CR LF is a single Character and a hostile head need not contain it.
        let lines = head.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let masked = lines.map { line -> String in
            let text = String(decoding: line, as: UTF8.self)
            guard text.lowercased().hasPrefix("date:") else { return text }
            return "Date: {date}" + (line.last == UInt8(ascii: "\r") ? "\r" : "")
        }
        return masked.joined(separator: "\n")
    }
}
