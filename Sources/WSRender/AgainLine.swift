import WSKernels
import WSLimits
package import WSReport
import WSScenario

/// The command that runs one case of a report again, in the same way and into another folder.
///
/// It can be used as printed, except for the values of header fields and cookies that were given on the command line,
/// which reports do not contain. What a configuration file gave is left to that file, which has these values, too.
package struct AgainLine {
    private let report: Report
    private let out: String

    /// Prepares the command.
    ///
    /// - Parameters:
    ///   - report: The report of the run.
    ///   - out: The folder of the run.
    package init(_ report: Report, out: String) {
        self.report = report
        self.out = out
    }

    /// The words of the command for a case, neither escaped nor quoted.
    package func words(for id: String) -> [String] {
        var words = ["wsconform", report.roleUnderTest.rawValue]
        if let file = report.options.configuration?.file { words += ["--config", file] }
        if !isConfigured("url"), !isConfigured("embedded") { words += target }
        words += scenarioWords(of: id) + selectionWords + verdictWords + handshakeWords + countingWords
        words += ["--out", againFolder]
        return words + commandWords
    }

    /// The words of the command for the whole run, neither escaped nor quoted.
    package var wordsOfRun: [String] {
        let options = report.options
        var words = ["wsconform", report.roleUnderTest.rawValue]
        if let file = options.configuration?.file { words += ["--config", file] }
        if !isConfigured("url"), !isConfigured("embedded") { words += target }
        words += list("cases", options.cases == ["*"] ? [] : options.cases) + list("exclude", options.exclude)
        words += flag("only-autobahn", options.onlyAutobahn) + option("compression", options.compression)
        return words + verdictWords + handshakeWords + countingWords + commandWords
    }

    /// The command for a case as one line for a shell, escaped and quoted.
    func line(for id: String) -> String {
        words(for: id).map { ShellWord.quoted(TextEscaping.escaped($0, limit: Self.longestWord)) }
            .joined(separator: " ")
    }

    private static let longestWord = Limits.shownCharacters.value

    // MARK: - Parts

    /// The case, or the file of one that is not in the catalogue.
    private func scenarioWords(of id: String) -> [String] {
        guard let file = report.cases.first(where: { $0.id == id })?.scenario else { return ["--cases", id] }
        return ["--scenario", out.hasSuffix("/") ? out + file : "\(out)/\(file)"]
    }

    private var target: [String] {
        if report.options.embedded == true { return ["--embedded"] + list("defect", report.options.defects) }
        return report.roleUnderTest == .server ? [report.peer.url] : []
    }

    private var commandWords: [String] {
        let options = report.options
        let isGiven = isConfigured("command")
        switch report.roleUnderTest {
        case .server:
            guard !isGiven, let command = report.run?.supervised?.command else { return [] }
            return ["--supervise", "--"] + command
        case .client:
            guard let command = options.command, !command.isEmpty else { return [] }
            let driver = options.driver == true && !isConfigured("driver") ? ["--driver"] : []
            return driver + (isGiven ? [] : ["--"] + command)
        }
    }

    /// What selects cases is left out, unless the configuration file selects others.
    private var selectionWords: [String] {
        let options = report.options
        var words: [String] = []
        if isReplaced("exclude") { words += options.exclude.flatMap { ["--exclude", $0] } }
        if isReplaced("compression") { words += ["--compression", options.compression ?? "on"] }
        return words
    }

    private var verdictWords: [String] {
        let options = report.options
        var words = option("profile", options.profile.rawValue, usual: Profile.rfc.rawValue)
        words += flag("fail-by-drop", options.failByDrop)
        words += option("effort", options.effort.rawValue, usual: Effort.quick.rawValue)
        words += option("seed", "\(options.seed)", usual: "1")
        words += option("timeout", options.timeoutSeconds.map(Self.text(ofTimeout:)), usual: Self.ordinaryTimeout)
        return words + option("application", options.application, usual: "auto")
    }

    /// The options for the handshake.
    private var handshakeWords: [String] {
        let options = report.options
        var words = list("subprotocol", options.subprotocols) + list("header", options.headerFields)
        words += list("cookie", options.cookies)
        words += option("origin", options.origin) + option("first-message", options.firstMessage)
        words += option("connect-to", options.connectTo) + option("proxy", options.proxy)
        words += option("rate", options.rate.map { "\($0)" }) + flag("http2", options.http2)
        return words + option("listen", options.listen) + list("allow-origin", options.allowedOrigins) + tlsWords
    }

    private var tlsWords: [String] {
        guard let tls = report.options.tls else { return [] }
        let named: [(option: String, value: String?)] = [
            ("ca", tls.ca), ("server-name", tls.serverName), ("client-cert", tls.clientCertificate),
            ("client-key", tls.clientKey), ("cert", tls.certificate), ("key", tls.key), ("tls-min", tls.minimum),
        ]
        return flag("insecure", tls.insecure) + named.flatMap { option($0.option, $0.value) }
    }

    /// The sizes, what counts, and what is expected.
    private var countingWords: [String] {
        let options = report.options
        var words = option("max-message", options.maximumMessage.map { "\($0)" })
        words += option("peer-limit", options.peerLimit.map { "\($0)" })
        words += option("repeat", options.tries.map { "\($0)" })
        if options.strict == true, !isConfigured("fail-on") { words += flag("strict", true) }
        return words + option("baseline", report.baseline?.file)
    }

    // MARK: - Options

    private func isConfigured(_ name: String) -> Bool {
        report.options.configuration?.options.contains(name) ?? false
    }

    private func isReplaced(_ name: String) -> Bool {
        report.options.configuration?.replaced.contains(name) ?? false
    }

    private func option(_ name: String, _ value: String?, usual: String? = nil) -> [String] {
        guard let value, !isConfigured(name), value != usual || isReplaced(name) else { return [] }
        return ["--\(name)", value]
    }

    private func list(_ name: String, _ values: [String]?) -> [String] {
        isConfigured(name) ? [] : (values ?? []).flatMap { ["--\(name)", $0] }
    }

    private func flag(_ name: String, _ isSet: Bool?) -> [String] {
        isSet == true && !isConfigured(name) ? ["--\(name)"] : []
    }

    /// A folder beside that of the run, so that neither run overwrites the other's records.
    private var againFolder: String {
        var folder = out
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return folder == "." || folder == "/" ? folder + "/wsconform-again" : folder + "-again"
    }

    private static let ordinaryTimeout = "5"
    /// The number of seconds that stands for no time limit: a day, the highest value of the option.
    private static let endless = 86_400.0

    private static func text(ofTimeout seconds: Double) -> String {
        guard seconds <= endless else { return "never" }
        return abs(seconds) <= endless && seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
