/// A field line of a message on a stream of HTTP/2, pseudo-header fields included.
///
/// Octets that are no UTF-8 are replaced; who judges the exact ones reads those of the connection.
package struct LinkField: Sendable, Hashable {
    /// The name, which begins with a colon if it is that of a pseudo-header field.
    package var name: String
    /// The value.
    package var value: String

    /// Creates a field line; nothing in it has to be right.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [LinkField] {
    /// The value of the first line with a name; nil if there is none.
    package func first(_ name: String) -> String? { first { $0.name == name }?.value }
}
