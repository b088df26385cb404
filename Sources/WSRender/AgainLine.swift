import WSKernels
import WSLimits
package import WSReport
import WSScenario

/// The command that runs one case of a report again, in the same way and into another folder.
///
/// It can be used as printed, except for the values of header fields and cookies, which reports do not contain.
package struct AgainLine {
    private let report: Report
    private let isEmbedded: Bool
    private let out: String

    /// Prepares the command.
    ///
    /// - Parameters:
    ///   - report: The report of the run.
    ///   - isEmbedded: Whether the built-in model peer was tested.
    ///   - out: The folder of the run.
    package init(_ report: Report, isEmbedded: Bool, out: String) {
        self.report = report
        self.isEmbedded = isEmbedded
        self.out = out
    }

    /// The words of the command for a case, neither escaped nor quoted.
    package func words(for id: String) -> [String] {
        let options = report.options
        var words = ["wsconform", report.roleUnderTest.rawValue]
        switch report.roleUnderTest {
        case .server: words += [isEmbedded ? "--embedded" : report.peer.url]
        case .client: words += isEmbedded ? ["--embedded"] : []
        }
        words += ["--cases", id]
        if options.profile != .rfc { words += ["--profile", options.profile.rawValue] }
        if options.effort != .quick { words += ["--effort", options.effort.rawValue] }
        if options.seed != 1 { words += ["--seed", "\(options.seed)"] }
        words += handshakeWords + ["--out", againFolder]
        if report.roleUnderTest == .server, let command = report.run?.supervised?.command {
            words += ["--supervise", "--"] + command
        }
        if report.roleUnderTest == .client, let command = options.command, !command.isEmpty {
            words += (options.driver == true ? ["--driver", "--"] : ["--"]) + command
        }
        return words
    }

    /// The command for a case as one line for a shell, escaped and quoted.
    func line(for id: String) -> String {
        words(for: id).map { ShellWord.quoted(TextEscaping.escaped($0, limit: Self.longestWord)) }
            .joined(separator: " ")
    }

    private static let longestWord = Limits.shownCharacters.value

    /// The options for the handshake and for the time limits.
    private var handshakeWords: [String] {
        let options = report.options
        var words: [String] = []
        if let timeout = options.timeoutSeconds, timeout != Self.ordinaryTimeout {
            words += ["--timeout", Self.text(ofTimeout: timeout)]
        }
        if let application = options.application, application != "auto" { words += ["--application", application] }
        for name in options.subprotocols ?? [] { words += ["--subprotocol", name] }
        for field in options.headerFields ?? [] { words += ["--header", field] }
        for cookie in options.cookies ?? [] { words += ["--cookie", cookie] }
        if let origin = options.origin { words += ["--origin", origin] }
        if let endpoint = options.connectTo { words += ["--connect-to", endpoint] }
        if let proxy = options.proxy { words += ["--proxy", proxy] }
        if let rate = options.rate { words += ["--rate", "\(rate)"] }
        if let listen = options.listen { words += ["--listen", listen] }
        for origin in options.allowedOrigins ?? [] { words += ["--allow-origin", origin] }
        if let octets = options.maximumMessage { words += ["--max-message", "\(octets)"] }
        if let octets = options.peerLimit { words += ["--peer-limit", "\(octets)"] }
        if options.strict == true { words.append("--strict") }
        return words
    }

    /// A folder beside that of the run, so that neither run overwrites the other's records.
    private var againFolder: String {
        var folder = out
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return folder == "." || folder == "/" ? folder + "/wsconform-again" : folder + "-again"
    }

    private static let ordinaryTimeout = 5.0
    /// The number of seconds that stands for no time limit: a day, the highest value of the option.
    private static let endless = 86_400.0

    private static func text(ofTimeout seconds: Double) -> String {
        guard seconds <= endless else { return "never" }
        return abs(seconds) <= endless && seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
