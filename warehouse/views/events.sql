SELECT * EXCLUDE (standing, merged_into) FROM core.described_event WHERE standing = 'stands'
