import WSJSON
import WSLimits

/// A spec file of Autobahn|Testsuite: whom it tests, with which cases, and where the reports go.
///
/// Keys have the meaning that they have in Autobahn. What Autobahn does not read is left aside without a word; what it
/// does and wsconform does not is a note, and so is an unknown key.
package struct AutobahnSpec: Sendable, Hashable {
    /// The address to listen on, or nil; `fuzzingserver` needs it.
    package var url: String?
    /// The file with the certificate that a fuzzing server shows in TLS; nil for none.
    package var certificate: String?
    /// The file with its private key.
    package var key: String?
    /// The folder for the reports, as it stands in the file; nil for Autobahn's own.
    package var outdir: String?
    /// The servers to test, of `fuzzingclient`.
    package var servers: [Server] = []
    /// The subprotocols that a fuzzing server speaks.
    package var protocols: [String] = []
    /// The options for all connections.
    package var options = SpecOptions()
    /// Which cases are played.
    package var selection = SpecSelection()
    /// One line for each thing of the file that is not done, in the order of the file.
    package var notes: [String] = []

    /// A server to test.
    package struct Server: Sendable, Hashable {
        /// Its address.
        package var url: String
        /// Its name in the reports; nil for the name that it gives itself.
        package var agent: String?
        /// The Origin to send.
        package var origin: String?
        /// The subprotocols to offer.
        package var protocols: [String]
        /// The options for its connections, those for all servers included.
        package var options: SpecOptions

        /// Creates a server.
        package init(
            url: String,
            agent: String? = nil,
            origin: String? = nil,
            protocols: [String] = [],
            options: SpecOptions = SpecOptions()
        ) {
            self.url = url
            self.agent = agent
            self.origin = origin
            self.protocols = protocols
            self.options = options
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - octets: The file.
    ///   - mode: Who reads it; keys of the other mode are not read.
    /// - Throws: ``SpecError`` with the place, if it is no JSON, a value has a wrong type, or something is missing.
    package init(_ octets: [UInt8], for mode: FuzzingMode) throws(SpecError) {
        var reader = SpecReader(mode)
        let value: PlacedJSON
        do throws(JSONError) {
            value = try JSONReader.read(octets, longest: Limits.specFile, deepest: Limits.specDepth)
        } catch {
            throw SpecError(error)
        }
        do throws(SpecError) {
            self = try reader.spec(value)
        } catch {
            guard let misspelling = reader.misspelling else { throw error }
            throw SpecError("\(error.problem); \(misspelling)", at: error.place)
        }
    }

    /// Creates a spec that selects all cases of nobody.
    package init() {
        selection.cases = [SpecPattern("*")]
    }

    /// The folder for reports, where the file names none.
    package static func defaultFolder(of mode: FuzzingMode) -> String {
        switch mode {
        case .client: "./reports/servers/"
        case .server: "./reports/clients/"
        }
    }

    /// The file that Autobahn writes where a mode is given no spec and there is none.
    ///
    /// - Parameters:
    ///   - mode: The mode.
    ///   - url: The address to test or to listen on.
    /// - Returns: A spec that selects every case.
    package static func standard(for mode: FuzzingMode, url: String = "ws://127.0.0.1:9001") -> String {
        let url = url.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let target = mode == .client ? "\"servers\": [{\"url\": \"\(url)\"}]" : "\"url\": \"\(url)\""
        let folder = String(defaultFolder(of: mode).dropLast())
        return """
            {
               \(target),
               "outdir": "\(folder)",
               "cases": ["*"],
               "exclude-cases": [],
               "exclude-agent-cases": {}
            }

            """
    }
}

/// The modes of `wstest` that read a spec file.
package enum FuzzingMode: String, Sendable, Hashable, CaseIterable {
    /// Tests servers.
    case client = "fuzzingclient"
    /// Tests clients.
    case server = "fuzzingserver"
}
