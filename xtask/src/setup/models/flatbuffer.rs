//! Bounded reading of FlatBuffers (google.github.io/flatbuffers, "FlatBuffer Internals"): whatever the
//! bytes say, a read outside of them is None.

/// A table: fields by number, each of which may be absent.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Table<'a> {
    /// The table that a whole buffer holds.
    pub(super) fn root(bytes: &'a [u8]) -> Option<Self> {
        Self { bytes, at: 0 }.follow(0)
    }

    /// A byte; None when the field is absent, which means its default.
    pub(super) fn byte(self, field: usize) -> Option<u8> {
        self.bytes.get(self.place(field)?).copied()
    }

    /// A 32-bit integer.
    pub(super) fn int(self, field: usize) -> Option<i32> {
        Some(i32::from_le_bytes(self.four(self.place(field)?)?))
    }

    /// A table inside this one.
    pub(super) fn table(self, field: usize) -> Option<Self> {
        self.follow(self.place(field)?)
    }

    /// A vector of tables.
    pub(super) fn tables(self, field: usize) -> Option<Vec<Self>> {
        let (start, length) = self.vector(field)?;
        let places = self.span(start, length, 4)?.len() / 4;
        (0..places).map(|i| self.follow(start + 4 * i)).collect()
    }

    /// A vector of 32-bit integers.
    pub(super) fn ints(self, field: usize) -> Option<Vec<i32>> {
        let (start, length) = self.vector(field)?;
        let (all, _) = self.span(start, length, 4)?.as_chunks();
        Some(all.iter().copied().map(i32::from_le_bytes).collect())
    }

    /// A vector of bytes.
    pub(super) fn bytes(self, field: usize) -> Option<&'a [u8]> {
        let (start, length) = self.vector(field)?;
        self.span(start, length, 1)
    }

    /// Where a field stands: its offset is in the table's vtable, which a table points back to.
    fn place(self, field: usize) -> Option<usize> {
        let back = i64::from(i32::from_le_bytes(self.four(self.at)?));
        let vtable = usize::try_from(i64::try_from(self.at).ok()? - back).ok()?;
        let entry = field.checked_mul(2)?.checked_add(4)?;
        if entry + 2 > self.two(vtable)? {
            return None;
        }
        let offset = self.two(vtable.checked_add(entry)?)?;
        (offset != 0).then(|| self.at + offset)
    }

    fn follow(self, at: usize) -> Option<Self> {
        let offset = usize::try_from(u32::from_le_bytes(self.four(at)?)).ok()?;
        let at = at.checked_add(offset)?;
        (at < self.bytes.len()).then_some(Self {
            bytes: self.bytes,
            at,
        })
    }

    /// Start and number of entries of a vector.
    fn vector(self, field: usize) -> Option<(usize, usize)> {
        let Self { at, .. } = self.table(field)?;
        let length = u32::from_le_bytes(self.four(at)?);
        Some((at + 4, usize::try_from(length).ok()?))
    }

    fn span(self, start: usize, length: usize, size: usize) -> Option<&'a [u8]> {
        let end = start.checked_add(length.checked_mul(size)?)?;
        self.bytes.get(start..end)
    }

    fn two(self, at: usize) -> Option<usize> {
        let two = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(two)))
    }

    fn four(self, at: usize) -> Option<[u8; 4]> {
        self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with the byte 7, an absent field, the vector [1, -2], and a table that is this one again.
    const BUFFER: &[u8] = &[
        16, 0, 0, 0, // the root table is at 16
        12, 0, 17, 0, 4, 0, 0, 0, 8, 0, 12, 0, // vtable: four fields, the second absent
        12, 0, 0, 0, 7, 0, 0, 0, // table: the vtable is 12 back; the byte
        8, 0, 0, 0, // the vector is at 32
        4, 0, 0, 0, // a table at 32 again
        2, 0, 0, 0, 1, 0, 0, 0, 254, 255, 255, 255, // the vector
    ];

    #[test]
    fn fields_are_found_and_absent_ones_are_none() {
        let root = Table::root(BUFFER).unwrap();
        assert_eq!(root.byte(0), Some(7));
        assert_eq!(root.byte(1), None);
        assert_eq!(root.ints(2), Some(vec![1, -2]));
        assert_eq!(root.bytes(2), Some(&[1, 0][..]));
        assert!(root.table(3).is_some() && root.table(4).is_none());
    }

    #[test]
    fn whatever_the_bytes_say_nothing_outside_is_read() {
        for at in 0..BUFFER.len() {
            for value in [0, 1, 127, 128, 255] {
                let mut bytes = BUFFER.to_vec();
                bytes[at] = value;
                for length in 0..=bytes.len() {
                    let Some(root) = Table::root(&bytes[..length]) else {
                        continue;
                    };
                    for field in [0, 1, 2, 3, 40_000] {
                        let _ = (root.byte(field), root.int(field), root.ints(field));
                        let _ = (root.bytes(field), root.tables(field).map(|all| all.len()));
                    }
                }
            }
        }
    }
}
