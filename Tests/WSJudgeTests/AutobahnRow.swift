import Testing

/// What Autobahn's own case class computed for one case, from the committed table.
struct AutobahnRow: Sendable, CustomTestStringConvertible {
    var number: String
    var deadlineMilliseconds: Int
    var action: String
    var closedByTester: Bool
    var codes: [UInt16]
    var requiresClean: Bool
    var autoClose: Bool
    var asExpected: String
    var wrongCode: String
    var wrongEndpoint: String
    var drop: String
    var extraEvent: String
    var droppedByTester: String
    var noEchoPeerCloses: String
    var noEcho: String

    var testDescription: String { number }

    /// Whether Autobahn looks at echoes while they arrive.
    var isLoad: Bool { ["9.", "12.", "13."].contains { number.hasPrefix($0) } }

    /// Every row, in Autobahn's order.
    static let all: [AutobahnRow] = String(decoding: PackageResources.autobahn_verdicts_tsv, as: UTF8.self)
        .split(separator: "\n")
        .filter { !$0.hasPrefix("#") }
        .map { AutobahnRow($0.split(separator: "\t").map(String.init)) }

    private init(_ fields: [String]) {
        precondition(fields.count == 15, "a row of the table has 15 fields")
        number = fields[0]
        deadlineMilliseconds = Int(fields[1]) ?? 0
        action = fields[2]
        closedByTester = fields[3] == "1"
        codes = fields[4].split(separator: ",").compactMap { UInt16($0) }
        requiresClean = fields[5] == "1"
        autoClose = fields[6] != "-"
        asExpected = fields[7]
        wrongCode = fields[8]
        wrongEndpoint = fields[9]
        drop = fields[10]
        extraEvent = fields[11]
        droppedByTester = fields[12]
        noEchoPeerCloses = fields[13]
        noEcho = fields[14]
    }
}
